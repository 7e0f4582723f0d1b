using ILoRA.Streaming.Training.Baselines;
using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.Cli.Commands.Evaluate;

/// <summary>Measures lines one after the other, on the rows to report and on the held-out ones, and tells how far it is.</summary>
/// <param name="comparison">Where they go.</param>
/// <param name="cases">The rows to report.</param>
/// <param name="heldOut">The rows that fusion weights are learned on; empty where none are.</param>
/// <param name="keptClicks">How many clicks the other training users have.</param>
/// <param name="told">Told the part done of the present line, and its name.</param>
/// <param name="stop">Ends it early.</param>
internal sealed class Lines(Comparison comparison, IReadOnlyList<RankingCase> cases, IReadOnlyList<RankingCase> heldOut, int keptClicks,
    Action<double, string> told, CancellationToken stop)
{
    public Comparison Comparison => comparison;

    /// <summary>Whether there are rows to learn weights on.</summary>
    public bool Learns => heldOut.Count > 0;

    public int KeptClicks => keptClicks;

    public CancellationToken Stop => stop;

    /// <summary>What was chosen for a line, by its name.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    public void Told(double done, string what) => told(done, what);

    public void Add(FittedMethod fitted)
    {
        comparison.Add(Run(fitted.Method, cases, fitted.Method.Name), fitted.HeldOut);
        if (fitted.Settings.Length > 0)
            Settings[fitted.Method.Name] = fitted.Settings;
    }

    /// <summary>A method that was not fit here.</summary>
    /// <param name="method">It.</param>
    /// <param name="learnt">Whether it may take part in learned fusions.</param>
    public void Add(Method method, bool learnt = true) =>
        comparison.Add(Run(method, cases, method.Name), learnt && Learns ? Run(method, heldOut, $"{method.Name}, held-out rows") : null);

    private MethodResult Run(Method method, IReadOnlyList<RankingCase> rows, string what) =>
        method.Run(rows, TimeProvider.System, done => told((double)done / rows.Count, what), stop);
}
