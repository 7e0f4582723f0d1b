using System.Text.Json;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>Objects whose members are known by name, or by what the user said; the product's own events among them.</summary>
internal sealed class PlainObjects(JsonMapping mapping) : JsonShape
{
    public override IEnumerable<FileRecord> Records(JsonElement root, long line)
        => mapping.Records(root, line, Attributes).DefaultIfEmpty(LeftOut(line, "objects whose list is empty"));

    private static Dictionary<string, string>? Attributes(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("attributes", out var members))
            return null;
        if (members.ValueKind != JsonValueKind.Object)
            return null;
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in members.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String))
            attributes.TryAdd(member.Name, member.Value.GetString()!);
        return attributes.Count > 0 ? attributes : null;
    }
}
