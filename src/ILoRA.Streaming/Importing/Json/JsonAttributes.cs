using System.Text.Json;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>Attributes of an item: texts; numbers and truth values as they are written. Lists and objects are counted, not taken.</summary>
internal sealed class JsonAttributes
{
    private Dictionary<string, string>? texts;

    /// <summary>Null where there is none.</summary>
    public IReadOnlyDictionary<string, string>? Texts => texts;

    /// <summary>How many are lists or objects.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The members of an object.</summary>
    public static JsonAttributes Of(JsonElement members)
    {
        var attributes = new JsonAttributes();
        if (members.ValueKind == JsonValueKind.Object)
            foreach (var member in members.EnumerateObject())
                attributes.Add(member.Name, member.Value);
        else if (members.ValueKind == JsonValueKind.Array)
            attributes.LeftOut++;
        return attributes;
    }

    /// <summary>Members of other names; blanks and what was not set are none.</summary>
    public static JsonAttributes Of(JsonElement item, params ReadOnlySpan<(string Member, string Attribute)> names)
    {
        var attributes = new JsonAttributes();
        foreach (var (member, attribute) in names)
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty(member, out var value) && !IsUnset(value))
                attributes.Add(attribute, value);
        return attributes;
    }

    private void Add(string name, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
            LeftOut++;
        else if (value.ValueKind != JsonValueKind.Null)
            (texts ??= new(StringComparer.Ordinal))
                .TryAdd(name, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
    }

    private static bool IsUnset(JsonElement value)
        => value.ValueKind == JsonValueKind.String && value.GetString() is var text
            && (string.IsNullOrWhiteSpace(text) || text == Ga4Events.NotSet);
}
