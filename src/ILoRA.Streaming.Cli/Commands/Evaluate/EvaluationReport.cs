using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.Cli.Commands.Evaluate;

/// <summary>The document of <c>ilora evaluate --json</c>: the figures of the line in question, then all lines.</summary>
internal sealed record EvaluationReport
{
    /// <summary>Which line the figures at the top are of.</summary>
    public required string Line { get; init; }
    public required int Rows { get; init; }
    public required int Draws { get; init; }
    public required double Hr1 { get; init; }
    public required double[] Hr1Interval { get; init; }
    public required double Ndcg5 { get; init; }
    public required double Mrr { get; init; }

    /// <summary>Every candidate is ranked, so every answer is one of them; lower in generation mode alone.</summary>
    public required double ValidRatio { get; init; }
    public required double Seconds { get; init; }
    public required IReadOnlyList<LineReport> Methods { get; init; }
    public IReadOnlyList<AdapterResult>? Adapters { get; init; }
    public IReadOnlyList<GenerationReport>? Generated { get; init; }
    public IReadOnlyList<PairReport>? Paired { get; init; }

    /// <summary>What each part weighs in the learned fusions, and what settings were chosen.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Weights { get; init; }
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    public static double[] Of(Interval interval) => [Rounded(interval.Low), Rounded(interval.High)];

    public static double Rounded(double value) => Math.Round(value, 4);
}

/// <summary>One line of the table; the listwise loss in nats where a language model had a part.</summary>
internal sealed record LineReport(string Name, bool LanguageModel, int Right, int Total, double Hr1, double[] Hr1Interval, double Ndcg5,
    double Mrr, double? Loss, double Seconds)
{
    public static LineReport Of(MethodResult result, Comparison comparison) => new(
        result.Name, result.LanguageModel, result.Right, result.Total, EvaluationReport.Rounded(result.Hr1),
        EvaluationReport.Of(comparison.Hr1Interval(result)),
        EvaluationReport.Rounded(result.Ndcg5), EvaluationReport.Rounded(result.Mrr),
        result.LanguageModel ? EvaluationReport.Rounded(result.Loss) : null, Math.Round(result.Time.TotalSeconds, 1));
}

internal sealed record AdapterResult(string Name, double Hr1, double[] Hr1Interval);

/// <summary>An adapter that answered in words; HR@1 as the authors count it, of the valid answers.</summary>
internal sealed record GenerationReport(string Name, int Valid, int Right, int Total, double ValidRatio, double Hr1OfValid);

/// <summary>HR@1 of a less that of b, on the same rows and draws; between language models the listwise loss too.</summary>
internal sealed record PairReport(string A, string B, double Difference, double[] Interval, double? LossDifference, double[]? LossInterval)
{
    public static PairReport Of(MethodResult a, MethodResult b, Comparison comparison)
    {
        var (difference, interval) = comparison.Paired(a, b);
        if (!(a.LanguageModel && b.LanguageModel))
            return new(a.Name, b.Name, EvaluationReport.Rounded(difference), EvaluationReport.Of(interval), null, null);
        var (loss, lossInterval) = comparison.PairedLoss(a, b);
        return new(a.Name, b.Name, EvaluationReport.Rounded(difference), EvaluationReport.Of(interval), EvaluationReport.Rounded(loss),
            EvaluationReport.Of(lossInterval));
    }
}
