namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>How a method ranked the targets of all rows.</summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="LanguageModel">Whether a language model had a part in it.</param>
/// <param name="Ranks">[R][D], from 1.</param>
/// <param name="Scores">[R][D][C], what they were ranked by.</param>
/// <param name="Losses">[R], each row's mean -log softmax(scores)[target] in nats: of use where scores are logits.</param>
/// <param name="Time">What scoring took, fits left out.</param>
public sealed record MethodResult(string Name, bool LanguageModel, int[][] Ranks, float[][][] Scores, double[] Losses, TimeSpan Time)
{
    private const int Cut = 5;

    /// <param name="name">As the table shows it.</param>
    /// <param name="languageModel">Whether a language model had a part in it.</param>
    /// <param name="cases">R rows.</param>
    /// <param name="scores">[R][D][C]</param>
    /// <param name="time">What scoring took.</param>
    public static MethodResult Of(string name, bool languageModel, IReadOnlyList<RankingCase> cases, float[][][] scores, TimeSpan time) =>
        new(name, languageModel, [.. cases.Select((row, at) => row.Ranks(scores[at]))], scores, [.. cases.Select((row, at) => row.Loss(scores[at]))], time);

    /// <summary>Targets ranked first.</summary>
    public int Right => Ranks.Sum(draws => draws.Count(rank => rank == 1));

    /// <summary>Rows times draws.</summary>
    public int Total => Ranks.Sum(draws => draws.Length);

    /// <returns>[R] the share of draws with the target first.</returns>
    public double[] Hr1ByRow() => ByRow(rank => rank == 1 ? 1 : 0);

    /// <summary>One relevant item: 1 / log2(1 + rank) within the first five.</summary>
    public double Ndcg5 => ByRow(rank => rank <= Cut ? 1 / Math.Log2(1 + rank) : 0).Average();

    /// <summary>Mean of 1 / rank.</summary>
    public double Mrr => ByRow(rank => 1.0 / rank).Average();

    public double Loss => Losses.Average();

    public double Hr1 => Hr1ByRow().Average();

    private double[] ByRow(Func<int, double> gain) => [.. Ranks.Select(draws => draws.Average(gain))];
}
