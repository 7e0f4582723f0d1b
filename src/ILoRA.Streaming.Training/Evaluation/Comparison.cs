namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>Methods measured on the same rows, and fusions of them with weights learned on rows of training users who were put aside.</summary>
/// <param name="cases">The rows to report.</param>
/// <param name="heldOut">The rows to learn weights on; may be empty, then nothing is learned.</param>
/// <param name="seed">Of the bootstrap.</param>
public sealed class Comparison(IReadOnlyList<RankingCase> cases, IReadOnlyList<RankingCase> heldOut, int seed)
{
    private readonly Bootstrap bootstrap = new(cases.Count, seed);
    private readonly List<MethodResult> results = [];
    private readonly Dictionary<string, MethodResult> onHeldOut = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<string, double>> weights = new(StringComparer.Ordinal);

    /// <summary>In the order in which they were added.</summary>
    public IReadOnlyList<MethodResult> Results => results;

    /// <summary>Of each learned fusion: what each part weighs.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Weights => weights;

    /// <param name="result">On the rows to report.</param>
    /// <param name="held">The same method, without having seen their users, on the held-out rows; null where it has no part in learned fusions.</param>
    public void Add(MethodResult result, MethodResult? held)
    {
        results.Add(result);
        if (held is not null)
            onHeldOut[result.Name] = held;
    }

    /// <summary>Adds the sum of standardised scores, all weights equal; parts that were not measured are an error of the caller.</summary>
    public void AddSum(string name, IReadOnlyList<string> parts) => results.Add(Fusion.Equal(parts.Count).Of(name, Measured(parts), cases));

    /// <summary>Adds a fusion with weights learned on the held-out rows, of those parts that have been measured there; nothing where they are fewer than two.</summary>
    public void AddLearned(string name, IReadOnlyList<string> parts)
    {
        string[] usable = [.. parts.Where(onHeldOut.ContainsKey)];
        if (usable.Length < 2 || heldOut.Count == 0)
            return;
        var fusion = Fusion.Learn([.. usable.Select(part => onHeldOut[part])], heldOut);
        weights[name] = usable.Zip(fusion.Weights).ToDictionary(pair => pair.First, pair => Math.Round(pair.Second, 3), StringComparer.Ordinal);
        results.Add(fusion.Of(name, Measured(usable), cases));
    }

    public bool Has(string name) => results.Exists(result => result.Name == name);

    public MethodResult this[string name] => results.First(result => result.Name == name);

    /// <summary>The 95 % interval of HR@1, by row.</summary>
    public Interval Hr1Interval(MethodResult result) => bootstrap.Mean(result.Hr1ByRow());

    /// <summary>a's HR@1 less b's, with its 95 % interval, paired by row.</summary>
    public (double Difference, Interval Interval) Paired(MethodResult a, MethodResult b) => (a.Hr1 - b.Hr1, bootstrap.Difference(a.Hr1ByRow(), b.Hr1ByRow()));

    /// <summary>a's listwise loss less b's, with its 95 % interval, paired by row.</summary>
    public (double Difference, Interval Interval) PairedLoss(MethodResult a, MethodResult b) => (a.Loss - b.Loss, bootstrap.Difference(a.Losses, b.Losses));

    private MethodResult[] Measured(IReadOnlyList<string> parts) => [.. parts.Select(part => this[part])];
}
