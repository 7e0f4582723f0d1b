using System.Security.Cryptography;
using System.Text;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Lines;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>A catalogue and the rows to rank, read from files.</summary>
/// <param name="Ids">[M], the items' ids.</param>
/// <param name="Titles">[M], the items' titles.</param>
/// <param name="Cases">The rows, in the order of the file of candidates.</param>
public sealed record EvaluationSet(IReadOnlyList<string> Ids, IReadOnlyList<string> Titles, IReadOnlyList<RankingCase> Cases)
{
    private readonly Lazy<Dictionary<string, int>> places =
        new(() => Ids.Select((id, place) => (id, place)).ToDictionary(pair => pair.id, pair => pair.place, StringComparer.Ordinal));

    /// <summary>The number of candidate lists of each row.</summary>
    public int Draws => Cases[0].Draws.Length;

    /// <summary>A hash of rows, targets and candidates: results with equal hashes can be compared row by row.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in Cases)
            hash.AppendData(
                Encoding.UTF8.GetBytes(
                    $"{row.Row}\t{Ids[row.Target]}\t{string.Join(' ', row.Draws.SelectMany(draw => draw).Select(item => Ids[item]))}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Reads and joins the files.</summary>
    /// <param name="items">The catalogue.</param>
    /// <param name="rowFile">The file of histories and targets; rows without candidates are left out.</param>
    /// <param name="candidateFile">The file of candidate lists, joined by row number.</param>
    /// <exception cref="InvalidDataException">The files do not match; the message names the row.</exception>
    public static EvaluationSet Read(IReadOnlyList<ItemLine> items, string rowFile, string candidateFile)
    {
        var set = new EvaluationSet([.. items.Select(item => item.Item)], [.. items.Select(item => item.Title)], []);
        var rows = new Dictionary<int, HistoryRow>();
        foreach (var row in RowFile.Read(rowFile))
            if (!rows.TryAdd(row.Row, row))
                throw new InvalidDataException($"{Path.GetFileName(rowFile)}: row {row.Row} is there twice.");
        var cases = CandidateFile.Read(candidateFile).Select(lists => set.Case(rows, lists, Path.GetFileName(candidateFile))).ToArray();
        if (cases.Length == 0)
            throw new InvalidDataException($"{Path.GetFileName(candidateFile)}: holds no row.");
        if (cases.FirstOrDefault(row => row.Draws.Length != cases[0].Draws.Length) is { } odd)
            throw new InvalidDataException(
                $"{Path.GetFileName(candidateFile)}: row {odd.Row} has {odd.Draws.Length} lists, the first row {cases[0].Draws.Length}.");
        return set with { Cases = cases };
    }

    /// <summary>An item's index in the catalogue.</summary>
    /// <param name="item">The item's id.</param>
    /// <param name="where">The place in a file, for the error message.</param>
    /// <exception cref="InvalidDataException">The item is not in the catalogue.</exception>
    public int PlaceOf(string item, string where) => places.Value.TryGetValue(item, out var place)
        ? place
        : throw new InvalidDataException(
            $"{where}: item '{item}' is not in the catalogue of {Ids.Count} items; are the files of one data set?");

    private RankingCase Case(Dictionary<int, HistoryRow> rows, CandidateLists lists, string file)
    {
        var where = $"{file}, row {lists.Row}";
        if (!rows.TryGetValue(lists.Row, out var row))
            throw new InvalidDataException($"{where}: the file of rows has no such row; are the two files of one data set?");
        if (row.Next != lists.Next)
            throw new InvalidDataException(
                $"{where}: the target is {lists.Next}, but {row.Next} in the file of rows; are the two files of one data set?");
        return new RankingCase(lists.Row, Places(row.History, where), PlaceOf(row.Next, where),
            [.. lists.Draws.Select(draw => Places(draw, where))]);
    }

    private int[] Places(IEnumerable<string> items, string where) => [.. items.Select(item => PlaceOf(item, where))];
}
