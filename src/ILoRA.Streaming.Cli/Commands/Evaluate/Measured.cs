using ILoRA.Streaming.Training.Baselines;
using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.Cli.Commands.Evaluate;

/// <summary>Everything that one run measured.</summary>
/// <param name="Set">The rows.</param>
/// <param name="Lines">All lines.</param>
/// <param name="Adapters">Which of them are adapters'.</param>
/// <param name="Generated">Their answers in words.</param>
internal sealed record Measured(EvaluationSet Set, Lines Lines, IReadOnlyList<AdapterLine> Adapters,
    IReadOnlyList<GenerationReport> Generated)
{
    private Comparison Comparison => Lines.Comparison;

    /// <summary>The figures at the top are the first adapter's; without one, the best line's.</summary>
    public EvaluationReport Report(TimeSpan elapsed)
    {
        var top = Adapters.Count > 0 ? Comparison[Adapters[0].Line] : Comparison.Results.MaxBy(result => result.Hr1)!;
        var figures = LineReport.Of(top, Comparison);
        return new()
        {
            Line = top.Name,
            Rows = Set.Cases.Count,
            Draws = Set.Draws,
            Hr1 = figures.Hr1,
            Hr1Interval = figures.Hr1Interval,
            Ndcg5 = figures.Ndcg5,
            Mrr = figures.Mrr,
            ValidRatio = Generated.Count > 0 ? Generated[0].ValidRatio : 1,
            Seconds = Math.Round(elapsed.TotalSeconds, 1),
            Methods = [.. Comparison.Results.Select(result => LineReport.Of(result, Comparison))],
            Adapters =
                Adapters.Count == 0
                    ? null : [.. Adapters.DistinctBy(line => line.Adapter).Select(line => LineReport.Of(Comparison[line.Line], Comparison))
                        .Zip(Adapters.DistinctBy(line => line.Adapter),
                (line, adapter) => new AdapterResult(adapter.Adapter, line.Hr1, line.Hr1Interval))],
            Generated = Generated.Count == 0 ? null : Generated,
            Paired = Pairs() is { Length: > 0 } pairs ? pairs : null,
            Weights = Comparison.Weights,
            Settings = Lines.Settings,
        };
    }

    /// <summary>
    /// Adapters among each other, line by line of one kind; then each adapter's lines against the best line without a language model
    /// (chosen here, in its favour), and against the trained bag, which is what they are without a pass.
    /// </summary>
    private PairReport[] Pairs()
    {
        string[] names = [.. Adapters.Select(line => line.Adapter).Distinct()];
        var kinds =
            Adapters.Select(line => line.Kind).Distinct().Select(kind => (Func<string, string>)(adapter => $"{adapter}: {kind}"))
                .Append(Fusions.NameOf).ToArray();
        var among = kinds.SelectMany(kind => names.SelectMany((a, at) => names.Skip(at + 1).Select(b => (A: kind(a), B: kind(b)))));
        var best = Comparison.Results.Where(result => !result.LanguageModel).MaxBy(result => result.Hr1);
        var against = best is null ? []
            : names.SelectMany(
                name => kinds.Select(kind => kind(name)).Append(Fusions.WithEncoder(Fusions.NameOf(name)))
                    .Append(Fusions.WithEncoderLearned(Fusions.NameOf(name)))).Select(line => (A: line, B: best.Name));
        var bag = BaselineSuite.TrainedBagName;
        var control =
            names.SelectMany(
                name => Adapters.Where(line => line.Adapter == name).Select(line => (A: line.Line, B: bag))
                    .Append((A: Fusions.NameOf(name), B: Fusions.NameOf(bag))));
        return [.. among.Concat(against).Concat(control).Where(pair => Comparison.Has(pair.A) && Comparison.Has(pair.B))
            .Select(pair => PairReport.Of(Comparison[pair.A], Comparison[pair.B], Comparison))];
    }
}
