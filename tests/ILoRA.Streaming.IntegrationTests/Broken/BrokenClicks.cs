using System.IO.Compression;
using System.Text;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Broken;

/// <summary>Ways in which a click can be wrong: the invalid examples of the schemas, and mutations of a right click.</summary>
public static class BrokenClicks
{
    const string Right = """{"user":"broken","item":"85123A","time":"2011-09-01T12:00:00Z"}""";

    /// <summary>The value of the numbered broken click; where its kind still names a user, it is this one.</summary>
    public static byte[] Value(int number, string user) =>
        Encoding.Latin1.GetBytes(
            Encoding.Latin1.GetString(Kinds[number % Kinds.Count].Value).Replace("broken", user, StringComparison.Ordinal));

    /// <summary>Kind and value.</summary>
    public static IReadOnlyList<(string Kind, byte[] Value)> Kinds { get; } = [.. Examples(),
        .. Mutations().Select(text => (text.Kind, Encoding.UTF8.GetBytes(text.Value))), .. Bytes()];

    static IEnumerable<(string, byte[])> Examples() =>
        Directory.EnumerateFiles(Repository.PathOf("schemas", "examples", "invalid"), "click*.json").Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileNameWithoutExtension(file), File.ReadAllBytes(file)));

    static IEnumerable<(string Kind, string Value)> Mutations() =>
    [
        ("no JSON", "user=broken item=85123A"),
        ("cut off", Right[..^10]),
        ("two documents", Right + Right),
        ("a comma too many", Right.Replace("}", ",}", StringComparison.Ordinal)),
        ("single quotes", Right.Replace('"', '\'')),
        ("a comment", Right.Replace("{", "{ // click\n", StringComparison.Ordinal)),
        ("an array around it", $"[{Right}]"),
        ("a string", "\"click\""),
        ("a number", "42"),
        ("true", "true"),
        ("null", "null"),
        ("an empty object", "{}"),
        ("NaN", With("time", "NaN")),
        ("no user", Without("user")),
        ("no item", Without("item")),
        ("no time", Without("time")),
        ("user null", With("user", "null")),
        ("user a number", With("user", "17")),
        ("user empty", With("user", "\"\"")),
        ("user of 257 bytes", With("user", $"\"{new string('u', 257)}\"")),
        ("item an object", With("item", "{\"id\":\"85123A\"}")),
        ("item an array", With("item", "[\"85123A\"]")),
        ("item of 258 bytes in 129 letters", With("item", $"\"{new string('é', 129)}\"")),
        ("time in words", With("time", "\"yesterday\"")),
        ("time true", With("time", "true")),
        ("time empty", With("time", "\"\"")),
        ("time without a date", With("time", "\"12:00:00\"")),
        ("time beyond all years", With("time", "1e300")),
        ("type unknown", With("type", "\"hover\"")),
        ("type a number", With("type", "3")),
        ("session a number", With("session", "9")),
        ("recommendation an array", With("recommendation", "[]")),
        ("id an object", With("id", "{}")),
        ("half a surrogate pair", With("user", "\"\\ud800\"")),
        ("2,000 levels deep", string.Concat(Enumerable.Repeat("{\"a\":", 2000))),
    ];

    static IEnumerable<(string, byte[])> Bytes() =>
    [
        ("empty", []),
        ("zeros", new byte[64]),
        ("no UTF-8", [.. "{\"user\":\"bro"u8, 0xC3, 0x28, .. "\",\"item\":\"85123A\",\"time\":\"2011-09-01T12:00:00Z\"}"u8]),
        ("UTF-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Right)]),
        ("packed", Packed(Encoding.UTF8.GetBytes(Right))),
    ];

    static string With(string name, string json)
    {
        var fields = Fields();
        fields[name] = json;
        return Text(fields);
    }

    static string Without(string name)
    {
        var fields = Fields();
        fields.Remove(name);
        return Text(fields);
    }

    static Dictionary<string, string> Fields() =>
        new() { ["user"] = "\"broken\"", ["item"] = "\"85123A\"", ["time"] = "\"2011-09-01T12:00:00Z\"" };
    static string Text(Dictionary<string, string> fields) =>
        $"{{{string.Join(',', fields.Select(field => $"\"{field.Key}\":{field.Value}"))}}}";

    static byte[] Packed(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var packer = new GZipStream(memory, CompressionLevel.Fastest))
            packer.Write(bytes);
        return memory.ToArray();
    }
}
