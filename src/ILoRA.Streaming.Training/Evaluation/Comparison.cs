namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// Results of several methods on the same rows, and of fusions of them with weights fitted on rows of held-out training users.
/// </summary>
/// <param name="cases">The rows to report.</param>
/// <param name="heldOut">The rows to fit weights on; where there are none, no weights are fitted.</param>
/// <param name="seed">The seed of the bootstrap.</param>
public sealed class Comparison(IReadOnlyList<RankingCase> cases, IReadOnlyList<RankingCase> heldOut, int seed)
{
    private readonly Bootstrap bootstrap = new(cases.Count, seed);
    private readonly List<MethodResult> results = [];
    private readonly Dictionary<string, MethodResult> onHeldOut = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<string, double>> weights = new(StringComparer.Ordinal);

    /// <summary>The results, in the order in which they were added.</summary>
    public IReadOnlyList<MethodResult> Results => results;

    /// <summary>The weight of each part, by fusion with fitted weights.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Weights => weights;

    /// <summary>Adds the result of a method.</summary>
    /// <param name="result">The result on the rows to report.</param>
    /// <param name="held">
    /// The result on the held-out rows of the same method fitted without their users; null excludes it from fitted fusions.
    /// </param>
    public void Add(MethodResult result, MethodResult? held)
    {
        results.Add(result);
        if (held is not null)
            onHeldOut[result.Name] = held;
    }

    /// <summary>Adds the fusion with equal weights. All parts must have been added before.</summary>
    public void AddSum(string name, IReadOnlyList<string> parts) => results.Add(Fusion.Equal(parts.Count).Of(name, Measured(parts), cases));

    /// <summary>
    /// Adds the fusion with weights fitted on the held-out rows, of those parts that have a result there; does nothing if they are fewer
    /// than two.
    /// </summary>
    public void AddLearned(string name, IReadOnlyList<string> parts)
    {
        string[] usable = [.. parts.Where(onHeldOut.ContainsKey)];
        if (usable.Length < 2 || heldOut.Count == 0)
            return;
        var fusion = Fusion.Learn([.. usable.Select(part => onHeldOut[part])], heldOut);
        weights[name] =
            usable.Zip(fusion.Weights).ToDictionary(pair => pair.First, pair => Math.Round(pair.Second, 3), StringComparer.Ordinal);
        results.Add(fusion.Of(name, Measured(usable), cases));
    }

    public bool Has(string name) => results.Exists(result => result.Name == name);

    public MethodResult this[string name] => results.First(result => result.Name == name);

    /// <summary>The 95 % interval of HR@1, by row.</summary>
    public Interval Hr1Interval(MethodResult result) => bootstrap.Mean(result.Hr1ByRow());

    /// <summary>The difference of HR@1, a minus b, with its 95 % interval, paired by row.</summary>
    public (double Difference, Interval Interval) Paired(MethodResult a, MethodResult b) =>
        (a.Hr1 - b.Hr1, bootstrap.Difference(a.Hr1ByRow(), b.Hr1ByRow()));

    /// <summary>The difference of the listwise loss, a minus b, with its 95 % interval, paired by row.</summary>
    public (double Difference, Interval Interval) PairedLoss(MethodResult a, MethodResult b) =>
        (a.Loss - b.Loss, bootstrap.Difference(a.Losses, b.Losses));

    private MethodResult[] Measured(IReadOnlyList<string> parts) => [.. parts.Select(part => this[part])];
}
