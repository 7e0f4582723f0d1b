using System.Text.Json;
using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.Cli.Commands.Evaluate;

/// <summary>A method's share of right draws by row, as one line of a file: what pooling over several sets needs.</summary>
/// <param name="Method">The line's name.</param>
/// <param name="LanguageModel">Whether a language model had a part in it.</param>
/// <param name="Draws">Lists a row.</param>
/// <param name="Set">A hash of what was ranked; that of two runs on the same rows is the same.</param>
/// <param name="Hr1">[R]</param>
internal sealed record RowShares(string Method, bool LanguageModel, int Draws, string Set, double[] Hr1)
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Write(FileInfo file, EvaluationSet set, Comparison comparison)
    {
        file.Directory?.Create();
        var hash = set.Hash();
        File.WriteAllLines(file.FullName,
            comparison.Results.Select(
                result =>
                    JsonSerializer.Serialize(
                        new RowShares(result.Name, result.LanguageModel, result.Total / result.Ranks.Length, hash, result.Hr1ByRow()),
                        Snake)));
    }

    /// <exception cref="InvalidDataException">A line is no such record.</exception>
    public static IReadOnlyList<RowShares> Read(FileInfo file) =>
        [.. File.ReadLines(file.FullName).Select((line, number) => Parse(line, $"{file.Name}:{number + 1}"))];

    private static RowShares Parse(string line, string where)
    {
        try
        {
            return JsonSerializer.Deserialize<RowShares>(line, Snake) is { Method: not null, Set: not null, Hr1.Length: > 0 } shares
                ? shares
                : throw new InvalidDataException(
                    $"{where}: 'method', 'set' or 'hr1' is missing; write the file with 'ilora evaluate --rows-out'.");
        }
        catch (JsonException invalid)
        {
            throw new InvalidDataException($"{where}: {invalid.Message}");
        }
    }
}
