using System.Text.Json;

namespace ILoRA.Streaming.Importing;

/// <summary>Files of one JSON object a line.</summary>
internal static class JsonLines
{
    public static IEnumerable<ClickLine> Clicks(string path) => Read(path, (line, json, where) => new ClickLine(line, Text(json, "user", where), Text(json, "item", where), Time(json, where))
    {
        Id = OptionalText(json, "id", where),
        Type = OptionalText(json, "type", where),
        Session = OptionalText(json, "session", where),
        Recommendation = OptionalText(json, "recommendation", where),
    });

    public static IEnumerable<ItemLine> Items(string path) => Read(path, (line, json, where) => new ItemLine(line, Text(json, "item", where), Text(json, "title", where))
    {
        Attributes = Attributes(json, where),
        Time = json.TryGetProperty("time", out _) ? Time(json, where) : null,
        Deleted = json.TryGetProperty("deleted", out var deleted) && deleted.ValueKind == JsonValueKind.True,
    });

    private static IEnumerable<T> Read<T>(string path, Func<long, JsonElement, string, T> parse)
    {
        var line = 0L;
        foreach (var text in TextSource.Lines(path))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
                continue;
            var where = $"{Path.GetFileName(path)}:{line}";
            using var json = ParseObject(text, where);
            yield return parse(line, json.RootElement, where);
        }
    }

    private static string Text(JsonElement json, string name, string where)
        => OptionalText(json, name, where) ?? throw new InvalidDataException($"{where}: '{name}' is missing.");

    private static string? OptionalText(JsonElement json, string name, string where)
    {
        if (!json.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new InvalidDataException($"{where}: '{name}' is {value.GetRawText()}, not a string of at least one character.");
    }

    private static DateTimeOffset Time(JsonElement json, string where)
    {
        if (!json.TryGetProperty("time", out var value))
            throw new InvalidDataException($"{where}: 'time' is missing.");
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return FileTime.TryParse(text, out var time)
            ? time
            : throw new InvalidDataException($"{where}: {value.GetRawText()} is not a time; give Unix seconds, milliseconds or RFC 3339.");
    }

    private static Dictionary<string, string>? Attributes(JsonElement json, string where)
    {
        if (!json.TryGetProperty("attributes", out var attributes))
            return null;
        if (attributes.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{where}: 'attributes' is no object.");
        return attributes.EnumerateObject().ToDictionary(pair => pair.Name, pair => Text(attributes, pair.Name, where), StringComparer.Ordinal);
    }

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
