using System.Globalization;
using ILoRA.Streaming.Outcomes;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>What the lines of a trial had among their first items, all on the same events.</summary>
/// <param name="lines">The line that the others are compared with first.</param>
public sealed class OnlineTrialResult(IReadOnlyList<TrialMethod> methods)
{
    /// <summary>Targets that nobody had clicked before the stream.</summary>
    public const string NewItems = "new-items";

    /// <summary>The other targets.</summary>
    public const string KnownItems = "known-items";

    public IReadOnlyList<TrialMethod> Methods { get; } = methods;

    /// <summary>All events.</summary>
    public TrialHits All { get; } = new(methods);

    /// <summary>By what was clicked and by whom (<see cref="UserSegment"/>).</summary>
    public IReadOnlyDictionary<string, TrialHits> Segments { get; } =
        ((string[])[NewItems, KnownItems, .. Enum.GetValues<UserSegment>().Select(NameOf)]).ToDictionary(name => name, _ => new TrialHits(methods), StringComparer.Ordinal);

    /// <summary>Versions that went live in a run, by line.</summary>
    public IDictionary<string, int> Versions { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Event time from a click to the first version that has learned from it.</summary>
    public Quantiles Freshness { get; } = new();

    internal void Add(TrialEvent tested, bool isNewItem, IReadOnlyList<Ranks> ranks)
    {
        foreach (var hits in (TrialHits[])[All, Segments[isNewItem ? NewItems : KnownItems], Segments[NameOf(tested.Segment)]])
            hits.Add(tested.User, ranks);
    }

    public override string ToString() =>
        $"{All.Hr10.Clicks} events: {string.Join(", ", Methods.Select(method => string.Create(CultureInfo.InvariantCulture, $"{method.Name} {All.Hr10.Rate(method.Name):F4}")))}";

    private static string NameOf(UserSegment segment) => segment switch
    {
        UserSegment.New => "new",
        UserSegment.Active => "active",
        _ => "dormant",
    };
}

/// <summary>Figures of one part of the events.</summary>
public sealed class TrialHits(IReadOnlyList<TrialMethod> methods)
{
    private const int Top = 10, Cut = 5;

    /// <summary>First among the candidates.</summary>
    public HitRates Hr1 { get; } = new([.. methods.Select(method => method.Name)]);

    /// <summary>Among the first ten of the whole catalogue.</summary>
    public HitRates Hr10 { get; } = new([.. methods.Select(method => method.Name)]);

    /// <summary>1 / log2(1 + rank) among the first five candidates.</summary>
    public HitRates Ndcg5 { get; } = new([.. methods.Select(method => method.Name)]);

    internal void Add(string user, IReadOnlyList<Ranks> ranks)
    {
        Hr1.Add(user, [.. ranks.Select(rank => rank.Candidates <= 1)]);
        Hr10.Add(user, [.. ranks.Select(rank => rank.Catalogue <= Top)]);
        Ndcg5.Add(user, [.. ranks.Select(rank => rank.Candidates <= Cut ? 1 / Math.Log2(1 + rank.Candidates) : 0)]);
    }
}
