using CsCheck;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Tests.Schemas;

/// <summary>Any event that the program could write.</summary>
public static class EventGenerators
{
    private static readonly Gen<char> Letter =
        Gen.Frequency((6, Gen.Char['a', 'z']), (2, Gen.Char[' ', '~']), (1, Gen.Int[0, 5].Select(at => "é浜\\\"\u0001\u2028"[at])));
    private static readonly Gen<string> Text = Gen.String[Letter, 1, 40];
    private static readonly Gen<string> AnyText = Gen.String[Letter, 0, 20];
    private static readonly Gen<DateTimeOffset> Time = Gen.OneOf(
        Gen.Long[0, 4_000_000_000_000].Select(DateTimeOffset.FromUnixTimeMilliseconds),
        Gen.Long[0, 40_000_000_000_000_000].Select(ticks => DateTimeOffset.UnixEpoch.AddTicks(ticks)));
    private static readonly Gen<ItemId> Item = Text.Select(id => new ItemId(id));
    private static readonly Gen<UserId> User = Text.Select(id => new UserId(id));
    private static readonly Gen<LineName> Line =
        Gen.String[Gen.Char['0', 'z'].Where(char.IsAsciiLetterOrDigit), 1, 40].Select(id => new LineName(id));
    private static readonly Gen<AdapterVersion> Version = Text.Select(id => new AdapterVersion(id));
    private static readonly Gen<float> Probability = Gen.Float[0, 1];
    private static readonly Gen<double> Finite = Gen.Double.Where(double.IsFinite);
    private static readonly Gen<SourcePosition> Source =
        Gen.Select(Text, Gen.Int[0, int.MaxValue], Gen.Long[0, long.MaxValue],
            (topic, partition, offset) => new SourcePosition { Topic = topic, Partition = partition, Offset = offset });
    private static readonly Gen<IReadOnlyList<ItemId>> Items = Item.List[0, 6].Select(items => (IReadOnlyList<ItemId>)items);

    public static Gen<ItemEvent> ItemEvent { get; } =
        Gen.Select(Item, Text, Gen.Dictionary(Text, AnyText)[0, 3], Time, Gen.Int[0, 7],
            (item, title, attributes, time, has) => new ItemEvent
            {
                Item = item,
                Title = title,
                Attributes = (has & 1) > 0 ? attributes : null,
                Time = (has & 2) > 0 ? time : null,
                Deleted = (has & 4) > 0 ? (has & 1) > 0 : null,
            });

    public static Gen<ClickEvent> ClickEvent { get; } =
        Gen.Select(User, Item, Time, Text, Gen.Enum<ClickType>(), Gen.Int[0, 15], (user, item, time, text, type, has) => new ClickEvent
        {
            User = user,
            Item = item,
            Time = time,
            Id = (has & 1) > 0 ? text : null,
            Type = (has & 2) > 0 ? type : null,
            Session = (has & 4) > 0 ? text : null,
            Recommendation = (has & 8) > 0 ? new RecommendationId(text) : null,
        });

    public static Gen<SequenceEvent> SequenceEvent { get; } =
        Gen.Select(User, Gen.Select(Item, Time, AnyText).List[1, 6], Time, Source, Gen.Bool,
            (user, entries, time, source, details) => new SequenceEvent
            {
                User = user,
                Items = [.. entries.Select(entry => entry.Item1)],
                Time = time,
                Source = source,
                Place = details ? 1 + (entries.Count / 2) : null,
                Times = details ? [.. entries.Select(entry => entry.Item2)] : null,
                Sessions = details ? [.. entries.Select(entry => entry.Item3)] : null,
            });

    private static readonly Gen<RankedItem> Ranked =
        Gen.Select(Item, Gen.Float.Where(float.IsFinite), Probability,
            (item, score, propensity) => new RankedItem { Item = item, Score = score, Propensity = propensity });

    public static Gen<RecommendationEvent> RecommendationEvent { get; } = Gen.Select(
        Gen.Select(Text, User, Time, Source), Ranked.List[0, 5], Probability.List[0, 4], Gen.Select(Version, Line),
        Gen.Select(Items, Gen.Enum<Fallback>(), Gen.Double[0, 1e6], Gen.Int[0, 31]),
        (head, items, gate, served, extra) => new RecommendationEvent
        {
            Id = new(head.Item1),
            User = head.Item2,
            Time = head.Item3,
            Items = items,
            Version = served.Item1,
            Line = served.Item2,
            Arm = new(head.Item1),
            Rollout = new(head.Item1),
            Gate = gate,
            Source = head.Item4,
            Candidates = (extra.Item4 & 1) > 0 ? extra.Item1 : null,
            Fallback = (extra.Item4 & 2) > 0 ? extra.Item2 : null,
            Shadow = (extra.Item4 & 4) > 0 ? new Dictionary<LineName, IReadOnlyList<ItemId>> { [served.Item2] = extra.Item1 } : null,
            Segment = (extra.Item4 & 8) > 0 ? head.Item1 : null,
            Latency = (extra.Item4 & 16) > 0 ? new() { Queue = extra.Item3, Retrieve = 0, Score = extra.Item3 } : null,
        });

    public static Gen<OutcomeEvent> OutcomeEvent { get; } =
        Gen.Select(Text, Item, Time, Gen.Int[-20, 20], Finite, Probability, (text, item, time, rank, delay, propensity) => new OutcomeEvent
        {
            Recommendation = new(text),
            User = new(text),
            Item = item,
            Rank = rank < 1 ? null : rank,
            Delay = delay,
            Version = new(text),
            Arm = new(text),
            Rollout = new(text),
            Time = time,
            Propensity = rank < 1 ? null : propensity,
            Segment = rank > 10 ? text : null,
        });

    private static readonly Gen<SnapshotPart> Part =
        Gen.Select(Gen.String[Gen.OneOf(Gen.Char['0', '9'], Gen.Char['a', 'f']), 64, 64], Gen.Long[1, long.MaxValue],
            (hash, bytes) => new SnapshotPart { Sha256 = hash, Bytes = bytes, Location = $"file:{hash}" });

    public static Gen<AdapterManifest> AdapterManifest { get; } =
        Gen.Select(Version, Line, Gen.Dictionary(Text, Part)[1, 5], Time, Gen.Int[1, 8], Gen.Dictionary(Text, Finite)[0, 3], Gen.Bool,
            (version, line, parts, time, experts, metrics, first) => new AdapterManifest
            {
                Version = version,
                Line = line,
                Parts = parts,
                Parent = first ? null : version,
                Created = time,
                Backbone = version.Value,
                Shape = new() { Experts = experts, Rank = experts * 2, Targets = ["q", "down"] },
                Offsets = metrics.ToDictionary(metric => metric.Key, metric => (long)experts),
                Events = first ? null : time,
                Metrics = metrics,
                Tags = first ? [version.Value, ""] : null,
                Note = first ? version.Value : null,
            });

    public static Gen<RolloutPlan> RolloutPlan { get; } =
        Gen.Select(Text, Line, Gen.Int[0, 10_000], Gen.Long[1, long.MaxValue], Line.List[0, 3], Gen.Bool,
            (text, line, share, revision, shadow, details) => new RolloutPlan
            {
                Rollout = new(text),
                Revision = revision,
                Salt = text,
                Arms = [new() { Name = new("a"), Line = line, Version = null, BasisPoints = share },
            new() { Name = new("b"), Line = line, Version = new(text), BasisPoints = 10_000 - share }],
                Stage = text,
                By = text,
                Reason = text,
                Segment = details ? text : null,
                Shadow = details ? shadow : null,
                Guardrails = details ? new Dictionary<string, double> { [text] = share } : null,
                Schedule = details ? [share] : null,
            });
}
