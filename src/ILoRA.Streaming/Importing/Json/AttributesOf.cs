using System.Text.Json;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>Takes attributes of an item from members of other names.</summary>
internal static class AttributesOf
{
    /// <summary>Null where <paramref name="item"/> has none of them as a text.</summary>
    public static Dictionary<string, string>? Members(JsonElement item, params ReadOnlySpan<(string Member, string Attribute)> names)
    {
        Dictionary<string, string>? attributes = null;
        foreach (var (member, attribute) in names)
            if (TextOf(item, member) is { } text && !string.IsNullOrWhiteSpace(text) && text != Ga4Events.NotSet)
                (attributes ??= new(StringComparer.Ordinal)).TryAdd(attribute, text);
        return attributes;
    }

    private static string? TextOf(JsonElement item, string member)
        => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
