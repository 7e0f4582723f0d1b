using System.Text;
using System.Text.Json;
using ILoRA.Streaming.Clicks;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Importing;

/// <summary>Files of one JSON object a line.</summary>
internal static class JsonLines
{
    public static IEnumerable<ClickLine> Clicks(string path) => Events<ClickEvent>(path).Select(read => ClickLine.Of(read.Line, read.Event));

    public static IEnumerable<ItemLine> Items(string path) => Events<ItemEvent>(path).Select(read => ItemLine.Of(read.Line, read.Event));

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

    private static IEnumerable<(long Line, T Event)> Events<T>(string path)
        where T : class
    {
        var line = 0L;
        foreach (var text in TextSource.Lines(path))
        {
            line++;
            if (!string.IsNullOrWhiteSpace(text))
                yield return (line, Parse<T>(text, $"{Path.GetFileName(path)}:{line}"));
        }
    }

    private static T Parse<T>(string text, string where)
        where T : class
    {
        try
        {
            return EventJson.Parse<T>(Encoding.UTF8.GetBytes(text));
        }
        catch (PoisonException poison)
        {
            throw new InvalidDataException($"{where}: {poison.Message}");
        }
    }
}
