using System.Globalization;
using System.Text.Json;

namespace ILoRA.Streaming.Importing;

/// <summary>The events that imported lines become.</summary>
public static class ImportedEvents
{
    public const string ClickType = "ilora.click.v1";
    public const string ItemType = "ilora.item.v1";

    public static byte[] Click(ClickLine line, string id) => Write(json =>
    {
        json.WriteString("user", line.User);
        json.WriteString("item", line.Item);
        json.WriteString("time", Rfc3339(line.Time));
        json.WriteString("id", id);
        WriteOptional(json, "type", line.Type);
        WriteOptional(json, "session", line.Session);
        WriteOptional(json, "recommendation", line.Recommendation);
    });

    public static byte[] Item(ItemLine line) => Write(json =>
    {
        json.WriteString("item", line.Item);
        json.WriteString("title", line.Title);
        if (line.Attributes is { } attributes)
        {
            json.WriteStartObject("attributes");
            foreach (var (name, value) in attributes)
                json.WriteString(name, value);
            json.WriteEndObject();
        }
        WriteOptional(json, "time", line.Time is { } time ? Rfc3339(time) : null);
        if (line.Deleted)
            json.WriteBoolean("deleted", true);
    });

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
