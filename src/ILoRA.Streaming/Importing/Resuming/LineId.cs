using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace ILoRA.Streaming.Importing.Resuming;

/// <summary>
/// Ids of events whose file gives none: file, fingerprint and line. The fingerprint is of what the line says, so that a line keeps its id
/// when others are appended, and has another one once it was changed.
/// </summary>
public static class LineId
{
    public static string Of(string file, ClickLine click)
        => Of(file, click.Line, click.User, click.Item, Ticks(click.Time), click.Type?.ToString(), click.Session, click.Recommendation);

    public static string Of(string file, ItemLine item)
    {
        var attributes = item.Attributes ?? new Dictionary<string, string>();
        var (time, deleted) = (item.Time is { } given ? Ticks(given) : null, item.Deleted.ToString());
        string?[] fields = [item.Item, item.Title, time, deleted, .. attributes.SelectMany(pair => new[] { pair.Key, pair.Value })];
        return Of(file, item.Line, fields);
    }

    private static string Of(string file, long line, params IReadOnlyList<string?> fields)
    {
        // With their lengths: "ab", "c" is not "a", "bc".
        static string Framed(string? field) => field is null ? "-;" : string.Create(CultureInfo.InvariantCulture, $"{field.Length}:{field};");
        var content = string.Concat(fields.Select(Framed));
        var fingerprint = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(content)) >> 16;
        return string.Create(CultureInfo.InvariantCulture, $"{file}-{fingerprint:x12}:{line}");
    }

    private static string Ticks(DateTimeOffset time) => time.UtcTicks.ToString(CultureInfo.InvariantCulture);
}
