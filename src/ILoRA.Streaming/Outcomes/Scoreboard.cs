namespace ILoRA.Streaming.Outcomes;

/// <summary>
/// Judges the stream from its topics alone, test then train: a click is looked up in the lists that the user was last given before it. All
/// lines are judged on the same clicks. Topics may be read in any order against one another; each user's own events must come in order
/// within a topic.
/// </summary>
/// <param name="lines">First the name for what was served, then the shadow lines.</param>
public sealed class Scoreboard(IReadOnlyList<string> lines)
{
    /// <summary>A click counts as a hit among this many first items.</summary>
    public const int ListLength = 10;

    private const int ListsKept = 64;
    private readonly Dictionary<string, User> users = new(StringComparer.Ordinal);
    private readonly HashSet<string> served = new(StringComparer.Ordinal), learned = new(StringComparer.Ordinal);

    public HitRates Hits { get; } = new(lines);

    public Freshness Freshness { get; } = new();

    /// <summary>From the arrival of a sequence event to its recommendation.</summary>
    public Quantiles Latency { get; } = new();

    /// <summary>From a click's production to its recommendation's.</summary>
    public Quantiles EndToEnd { get; } = new();

    public long Clicks { get; private set; }

    public long Recommendations { get; private set; }

    /// <summary>Versions announced so far that learned from the stream; those that it began with did not.</summary>
    public IReadOnlyCollection<string> VersionsLearned => learned;

    public IReadOnlySet<string> VersionsServed => served;

    /// <summary>
    /// <paramref name="version"/> was announced; <paramref name="offsets"/> (partition of sequences to next offset) is what it learned
    /// from.
    /// </summary>
    public void Observe(string version, IReadOnlyDictionary<int, long> offsets)
    {
        if (offsets.Count > 0)
            learned.Add(version);
        Freshness.Trained(version, offsets);
    }

    public void Observe(SeenClick click)
    {
        Clicks++;
        Freshness.Clicked(click.Partition, click.Offset, click.At);
        var user = Of(click.User);
        user.Waiting.Enqueue(click);
        Settle(user);
    }

    public void Observe(SeenList list)
    {
        Recommendations++;
        Latency.Add(list.Latency);
        served.Add(list.Version);
        Freshness.Served(list.Version, list.At);
        var user = Of(list.User);
        user.Lists.Add(list);
        Settle(user);
        if (user.Lists.Count > ListsKept)
            user.Lists.RemoveAt(0);
    }

    /// <summary>Judges also the clicks whose own recommendation has not come.</summary>
    public void Finish()
    {
        foreach (var user in users.Values)
            while (user.Waiting.TryDequeue(out var click))
                Judge(user, click);
    }

    /// <summary>A list for the click itself or a later one says that all earlier lists are known.</summary>
    private void Settle(User user)
    {
        while (user.Waiting.TryPeek(out var click) && user.Lists.Any(list => list.Offset >= click.Offset))
            Judge(user, user.Waiting.Dequeue());
    }

    private void Judge(User user, SeenClick click)
    {
        if (user.Lists.Find(list => list.Offset == click.Offset) is { } answer)
            EndToEnd.Add(answer.At > click.At ? answer.At - click.At : TimeSpan.Zero);
        var before = user.Lists.FindLast(list => list.Offset < click.Offset);
        // A late list of a version that already learned from this click would know the answer.
        if (before is null || Freshness.Knows(before.Version, click.Partition, click.Offset))
            return;
        if (Hits.Lines.Skip(1).All(before.Shadow.ContainsKey))
            Hits.Add(click.User,
                [.. Hits.Lines.Select((line, i) => (i == 0 ? before.Items : before.Shadow[line]).Take(ListLength).Contains(click.Item))]);
    }

    private User Of(string name) => users.TryGetValue(name, out var user) ? user : users[name] = new User();

    private sealed class User
    {
        public Queue<SeenClick> Waiting { get; } = new();

        public List<SeenList> Lists { get; } = [];
    }
}
