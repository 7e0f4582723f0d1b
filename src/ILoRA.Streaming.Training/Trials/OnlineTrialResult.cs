using System.Globalization;
using ILoRA.Streaming.Outcomes;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>The result of a trial: hit rates and NDCG of its methods on the same events, in total and by segment.</summary>
/// <param name="methods">The methods; the others are compared with the first one.</param>
public sealed class OnlineTrialResult(IReadOnlyList<TrialMethod> methods)
{
    /// <summary>The segment of targets without a click before the stream.</summary>
    public const string NewItems = "new-items";

    /// <summary>The segment of the other targets.</summary>
    public const string KnownItems = "known-items";

    public IReadOnlyList<TrialMethod> Methods { get; } = methods;

    /// <summary>The figures of all events.</summary>
    public TrialHits All { get; } = new(methods);

    /// <summary>The figures by segment of items and of users (<see cref="UserSegment"/>).</summary>
    public IReadOnlyDictionary<string, TrialHits> Segments { get; } =
        ((string[])[NewItems, KnownItems, .. Enum.GetValues<UserSegment>().Select(NameOf)])
        .ToDictionary(name => name, _ => new TrialHits(methods), StringComparer.Ordinal);

    /// <summary>The number of versions that went live in a run, by method.</summary>
    public IDictionary<string, int> Versions { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>The event time from a click until the first version trained on it goes live.</summary>
    public Quantiles Freshness { get; } = new();

    internal void Add(TrialEvent tested, bool isNewItem, IReadOnlyList<Ranks> ranks)
    {
        foreach (var hits in (TrialHits[])[All, Segments[isNewItem ? NewItems : KnownItems], Segments[NameOf(tested.Segment)]])
            hits.Add(tested.User, ranks);
    }

    public override string ToString()
    {
        var rates = Methods.Select(method => string.Create(CultureInfo.InvariantCulture, $"{method.Name} {All.Hr10.Rate(method.Name):F4}"));
        return $"{All.Hr10.Clicks} events: {string.Join(", ", rates)}";
    }

    private static string NameOf(UserSegment segment) => segment switch
    {
        UserSegment.New => "new",
        UserSegment.Active => "active",
        _ => "dormant",
    };
}

/// <summary>The figures of all methods on a segment of the events.</summary>
public sealed class TrialHits(IReadOnlyList<TrialMethod> methods)
{
    private const int Top = 10, Cut = 5;

    /// <summary>HR@1: the target ranks first among the candidates.</summary>
    public HitRates Hr1 { get; } = new([.. methods.Select(method => method.Name)]);

    /// <summary>HR@10: the target is among the first ten of the whole catalogue.</summary>
    public HitRates Hr10 { get; } = new([.. methods.Select(method => method.Name)]);

    /// <summary>NDCG@5 among the candidates: 1 / log2(1 + rank), 0 for ranks above five.</summary>
    public HitRates Ndcg5 { get; } = new([.. methods.Select(method => method.Name)]);

    internal void Add(string user, IReadOnlyList<Ranks> ranks)
    {
        Hr1.Add(user, [.. ranks.Select(rank => rank.Candidates <= 1)]);
        Hr10.Add(user, [.. ranks.Select(rank => rank.Catalogue <= Top)]);
        Ndcg5.Add(user, [.. ranks.Select(rank => rank.Candidates <= Cut ? 1 / Math.Log2(1 + rank.Candidates) : 0)]);
    }
}
