using System.Text.Json;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.TestKit;
using Json.Schema;

namespace ILoRA.Streaming.Tests.Schemas;

/// <summary>The files under schemas/, evaluated by a JSON Schema library, beside our reader.</summary>
public static class EventSchemas
{
    private static readonly EvaluationOptions Asserting = new() { RequireFormatValidation = true };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private static readonly Dictionary<string, Action<byte[]>> Readers = new[]
    {
        Reader<ItemEvent>(), Reader<ClickEvent>(), Reader<SequenceEvent>(), Reader<RecommendationEvent>(), Reader<OutcomeEvent>(),
        Reader<AdapterManifest>(), Reader<RolloutPlan>(),
    }.ToDictionary();

    private static readonly Dictionary<string, JsonSchema> Schemas =
        Readers.Keys.ToDictionary(name => name,
            name => JsonSchema.FromText(File.ReadAllText(Repository.PathOf("schemas", $"{name}.schema.json"))));

    public static IEnumerable<string> Names => Readers.Keys;

    /// <summary>Why the schema refuses the value, or null where it holds; what is no JSON at all is refused.</summary>
    public static string? Refusal(string name, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Schemas[name].Evaluate(document.RootElement, Asserting).IsValid ? null : "does not match the schema";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return error.Message;
        }
    }

    /// <summary>Why our reader refuses the value, or null where it takes it.</summary>
    public static string? ReaderRefusal(string name, byte[] json)
    {
        try
        {
            Readers[name](json);
            return null;
        }
        catch (PoisonException poison)
        {
            return poison.Message;
        }
    }

    private static KeyValuePair<string, Action<byte[]>> Reader<T>()
        where T : class, IEvent => new(T.SchemaName, json => EventJson.Parse<T>(json));
}
