namespace ILoRA.Streaming.Events;

/// <summary>
/// An event of the contract: what every topic's value has in common. Its file in <c>schemas/</c> says the same as JSON Schema.
/// </summary>
public interface IEvent
{
    /// <summary>The CloudEvents type, such as <c>ilora.click.v1</c>.</summary>
    static abstract string EventType { get; }

    /// <summary>The name of its schema: <c>schemas/NAME.schema.json</c>.</summary>
    static abstract string SchemaName { get; }

    /// <summary>The key of its record.</summary>
    string Key { get; }

    /// <summary>Checks what the types cannot say: ranges, lengths, and what fields must have in common.</summary>
    /// <exception cref="Json.PoisonException">A field breaks a rule; the message names both.</exception>
    void Check();
}
