using System.Text.Json;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing;

/// <summary>One training or test row: a history and the item that came next.</summary>
/// <param name="Row">The row's number in its file.</param>
/// <param name="History">Item ids, oldest first; may be empty.</param>
/// <param name="Next">The id of the item that followed.</param>
public sealed record HistoryRow(int Row, IReadOnlyList<string> History, string Next);

/// <summary>
/// JSON Lines {"row", "seq", "len", "next"}: item ids as numbers or strings, of which the first <c>len</c> of <c>seq</c> count.
/// </summary>
public static class RowFile
{
    /// <summary>Throws <see cref="InvalidDataException"/> at the first line that is no row, naming file and line.</summary>
    public static IEnumerable<HistoryRow> Read(string path)
    {
        var line = 0;
        foreach (var text in TextSource.Lines(path))
        {
            line++;
            if (text.Length > 0)
                yield return Parse(text, line, $"{Path.GetFileName(path)}:{line}");
        }
    }

    private static HistoryRow Parse(string text, int line, string where)
    {
        using var json = JsonLines.ParseObject(text, where);
        var root = json.RootElement;
        if (!root.TryGetProperty("seq", out var sequence) || sequence.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException($"{where}: 'seq' is missing or no array.");
        if (!root.TryGetProperty("next", out var next))
            throw new InvalidDataException($"{where}: 'next' is missing.");
        var history = sequence.EnumerateArray().Select(item => IdOf(item, "seq", where)).ToArray();
        var length =
            root.TryGetProperty("len", out var len) && len.TryGetInt32(out var given)
                ? Math.Clamp(given, 0, history.Length) : history.Length;
        var row = root.TryGetProperty("row", out var number) && number.TryGetInt32(out var index) ? index : line - 1;
        return new HistoryRow(row, history[..length], IdOf(next, "next", where));
    }

    internal static string IdOf(JsonElement value, string name, string where) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out _) => value.GetRawText(),
        JsonValueKind.String when value.GetString() is { Length: > 0 } id => id,
        _ => throw new InvalidDataException($"{where}: {value.GetRawText()} in '{name}' is no item id."),
    };
}
