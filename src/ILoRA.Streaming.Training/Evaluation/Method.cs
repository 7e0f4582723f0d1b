namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>A method of scoring candidates, such as a baseline or an adapter.</summary>
/// <param name="Name">The name in reports.</param>
/// <param name="LanguageModel">Whether the method uses a language model.</param>
/// <param name="Score">Computes the scores [D][C] of a row's candidates.</param>
public sealed record Method(string Name, bool LanguageModel, Func<RankingCase, float[][]> Score)
{
    private const int Batch = 16;

    /// <summary>
    /// Called with the rows that are scored next, so that a method can compute them in one batch; null where it does not.
    /// </summary>
    public Action<IReadOnlyList<RankingCase>>? Prepare { get; init; }

    /// <summary>A method without a language model that scores the whole catalogue.</summary>
    /// <param name="name">The name in reports.</param>
    /// <param name="scores">Computes the scores [M] of all items from a history.</param>
    public static Method OfCatalogue(string name, Func<int[], float[]> scores) => new(name, false, row => row.Pick(scores(row.History)));

    /// <summary>Scores rows and ranks their targets.</summary>
    /// <param name="cases">The rows.</param>
    /// <param name="time">The clock for the result's time.</param>
    /// <param name="scored">Called with the number of rows that are done.</param>
    /// <param name="stop">Cancels the evaluation.</param>
    public MethodResult Run(IReadOnlyList<RankingCase> cases, TimeProvider time, Action<int>? scored = null,
        CancellationToken stop = default)
    {
        var begun = time.GetTimestamp();
        var scores = new float[cases.Count][][];
        for (var row = 0; row < cases.Count; row++)
        {
            stop.ThrowIfCancellationRequested();
            if (row % Batch == 0)
                Prepare?.Invoke([.. cases.Skip(row).Take(Batch)]);
            scores[row] = Score(cases[row]);
            scored?.Invoke(row + 1);
        }
        return MethodResult.Of(Name, LanguageModel, cases, scores, time.GetElapsedTime(begun));
    }
}
