namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>The result of a method on R rows with D draws of C candidates each.</summary>
/// <param name="Name">The name in reports.</param>
/// <param name="LanguageModel">Whether the method uses a language model.</param>
/// <param name="Ranks">[R][D], the targets' ranks, from 1.</param>
/// <param name="Scores">[R][D][C], the candidates' scores.</param>
/// <param name="Losses">[R], each row's mean listwise loss -log softmax(scores)[target], nats; meaningful where scores are logits.</param>
/// <param name="Time">The time of scoring, without fits.</param>
public sealed record MethodResult(string Name, bool LanguageModel, int[][] Ranks, float[][][] Scores, double[] Losses, TimeSpan Time)
{
    private const int Cut = 5;

    /// <summary>Computes ranks and losses from scores.</summary>
    /// <param name="name">The name in reports.</param>
    /// <param name="languageModel">Whether the method uses a language model.</param>
    /// <param name="cases">The rows.</param>
    /// <param name="scores">[R][D][C], the candidates' scores.</param>
    /// <param name="time">The time of scoring.</param>
    public static MethodResult Of(string name, bool languageModel, IReadOnlyList<RankingCase> cases, float[][][] scores, TimeSpan time) =>
        new(name, languageModel, [.. cases.Select((row, at) => row.Ranks(scores[at]))], scores,
            [.. cases.Select((row, at) => row.Loss(scores[at]))], time);

    /// <summary>The number of lists with the target ranked first.</summary>
    public int Right => Ranks.Sum(draws => draws.Count(rank => rank == 1));

    /// <summary>The number of lists: rows times draws.</summary>
    public int Total => Ranks.Sum(draws => draws.Length);

    /// <summary>HR@1 of each row: the share of its draws with the target ranked first.</summary>
    /// <returns>[R]</returns>
    public double[] Hr1ByRow() => ByRow(rank => rank == 1 ? 1 : 0);

    /// <summary>NDCG@5 with one relevant item: the mean of 1 / log2(1 + rank), 0 for ranks above five.</summary>
    public double Ndcg5 => ByRow(rank => rank <= Cut ? 1 / Math.Log2(1 + rank) : 0).Average();

    /// <summary>Mean reciprocal rank.</summary>
    public double Mrr => ByRow(rank => 1.0 / rank).Average();

    /// <summary>The mean listwise loss, nats.</summary>
    public double Loss => Losses.Average();

    /// <summary>HR@1: the share of lists with the target ranked first.</summary>
    public double Hr1 => Hr1ByRow().Average();

    private double[] ByRow(Func<int, double> gain) => [.. Ranks.Select(draws => draws.Average(gain))];
}
