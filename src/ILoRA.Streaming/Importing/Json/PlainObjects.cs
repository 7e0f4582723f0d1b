using System.Text.Json;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>Objects whose members are known by name, or by what the user said; the product's own events among them.</summary>
internal sealed class PlainObjects(JsonMapping mapping) : JsonShape
{
    public override IEnumerable<FileRecord> Records(JsonElement root, long line)
        => mapping.Records(root, line, Attributes).DefaultIfEmpty(LeftOut(line, "objects whose list is empty"));

    private static JsonAttributes Attributes(JsonElement root)
        => JsonAttributes.Of(
            root.ValueKind == JsonValueKind.Object && root.TryGetProperty("attributes", out var members) ? members : default);
}
