using System.Text.Json;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing;

/// <summary>The lists among which one row's target is to be found.</summary>
/// <param name="Row">The row's number, as in the file of rows.</param>
/// <param name="Next">The target's id, which is in every list.</param>
/// <param name="Draws">Item ids; the lists have one length.</param>
public sealed record CandidateLists(int Row, string Next, IReadOnlyList<IReadOnlyList<string>> Draws);

/// <summary>JSON Lines {"row", "next", "cands" [[...]...]}: fixed candidates, several independent draws a row.</summary>
public static class CandidateFile
{
    /// <summary>Throws <see cref="InvalidDataException"/> at the first line that holds no such lists, naming file and line.</summary>
    public static IEnumerable<CandidateLists> Read(string path)
    {
        var line = 0;
        foreach (var text in TextSource.Lines(path))
        {
            line++;
            if (text.Length > 0)
                yield return Parse(text, $"{Path.GetFileName(path)}:{line}");
        }
    }

    private static CandidateLists Parse(string text, string where)
    {
        using var json = JsonLines.ParseObject(text, where);
        var root = json.RootElement;
        if (!root.TryGetProperty("row", out var row) || row.ValueKind != JsonValueKind.Number || !row.TryGetInt32(out var number))
            throw new InvalidDataException($"{where}: 'row' is missing or no whole number.");
        if (!root.TryGetProperty("next", out var next))
            throw new InvalidDataException($"{where}: 'next' is missing.");
        if (!root.TryGetProperty("cands", out var cands) || cands.ValueKind != JsonValueKind.Array || cands.GetArrayLength() == 0)
            throw new InvalidDataException($"{where}: 'cands' is missing or no array of lists.");
        var target = RowFile.IdOf(next, "next", where);
        var draws = cands.EnumerateArray().Select(draw => Draw(draw, target, where)).ToArray();
        return draws.All(draw => draw.Length == draws[0].Length)
            ? new CandidateLists(number, target, draws)
            : throw new InvalidDataException($"{where}: the lists in 'cands' differ in length.");
    }

    private static string[] Draw(JsonElement draw, string target, string where)
    {
        if (draw.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException($"{where}: {draw.GetRawText()} in 'cands' is no list of item ids.");
        var ids = draw.EnumerateArray().Select(item => RowFile.IdOf(item, "cands", where)).ToArray();
        if (ids.Count(id => id == target) != 1)
            throw new InvalidDataException($"{where}: a list in 'cands' must name the target {target} once.");
        return ids;
    }
}
