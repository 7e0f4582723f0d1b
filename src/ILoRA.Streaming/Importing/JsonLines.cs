using System.Text.Json;

namespace ILoRA.Streaming.Importing;

/// <summary>Files of one JSON object a line.</summary>
internal static class JsonLines
{
    public static JsonDocument ParseObject(string text, string where)
    {
        try
        {
            var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json;
            json.Dispose();
        }
        catch (JsonException invalid)
        {
            throw new InvalidDataException($"{where}: {invalid.Message}");
        }
        throw new InvalidDataException($"{where}: not a JSON object.");
    }
}
