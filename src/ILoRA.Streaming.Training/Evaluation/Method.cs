namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>A way to score candidates.</summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="LanguageModel">Whether a language model has a part in it.</param>
/// <param name="Score">A row's candidates to scores [D][C].</param>
public sealed record Method(string Name, bool LanguageModel, Func<RankingCase, float[][]> Score)
{
    private const int Batch = 16;

    /// <summary>Told which rows are scored next, where passing several at once is cheaper.</summary>
    public Action<IReadOnlyList<RankingCase>>? Ahead { get; init; }

    /// <param name="name">As the table shows it.</param>
    /// <param name="scores">A history to scores [M] of the whole catalogue.</param>
    public static Method OfCatalogue(string name, Func<int[], float[]> scores) => new(name, false, row => row.Pick(scores(row.History)));

    /// <param name="cases">R rows.</param>
    /// <param name="time">Measures.</param>
    /// <param name="scored">Told how many rows are done.</param>
    /// <param name="stop">Ends it early, by an exception.</param>
    public MethodResult Run(IReadOnlyList<RankingCase> cases, TimeProvider time, Action<int>? scored = null, CancellationToken stop = default)
    {
        var begun = time.GetTimestamp();
        var scores = new float[cases.Count][][];
        for (var row = 0; row < cases.Count; row++)
        {
            stop.ThrowIfCancellationRequested();
            if (row % Batch == 0)
                Ahead?.Invoke([.. cases.Skip(row).Take(Batch)]);
            scores[row] = Score(cases[row]);
            scored?.Invoke(row + 1);
        }
        return MethodResult.Of(Name, LanguageModel, cases, scores, time.GetElapsedTime(begun));
    }
}
