using System.Globalization;
using System.IO.Hashing;
using System.Text;
using ILoRA.Streaming.Importing.Lines;

namespace ILoRA.Streaming.Importing.Resuming;

/// <summary>
/// Ids of events whose file gives none: file, fingerprint of what the line says, and which of the lines that say the same it is. A line
/// keeps its id when others are added or removed anywhere, and has another one once it was changed.
/// </summary>
public static class LineId
{
    public static string Of(string file, ClickLine click)
        => Of(file, click.Occurrence, click.User, click.Item, Ticks(click.Time), click.Type?.ToString(), click.Session,
            click.Recommendation);

    /// <summary>A file has one line for each item.</summary>
    public static string Of(string file, ItemLine item) => Of(file, 1, Fields(item));

    private static string?[] Fields(ItemLine item)
    {
        var attributes = item.Attributes ?? new Dictionary<string, string>();
        var (time, deleted) = (item.Time is { } given ? Ticks(given) : null, item.Deleted.ToString());
        return [item.Item, item.Title, time, deleted, .. attributes.SelectMany(pair => new[] { pair.Key, pair.Value })];
    }

    private static string Of(string file, int occurrence, params IReadOnlyList<string?> fields)
        => string.Create(CultureInfo.InvariantCulture, $"{file}-{Fingerprint(fields):x12}:{occurrence}");

    private static ulong Fingerprint(IReadOnlyList<string?> fields)
    {
        // With their lengths: "ab", "c" is not "a", "bc".
        static string Framed(string? field) =>
            field is null ? "-;" : string.Create(CultureInfo.InvariantCulture, $"{field.Length}:{field};");
        var content = string.Concat(fields.Select(Framed));
        return XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(content)) >> 16;
    }

    private static string Ticks(DateTimeOffset time) => time.UtcTicks.ToString(CultureInfo.InvariantCulture);
}
