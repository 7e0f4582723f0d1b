namespace ILoRA.Streaming.Outcomes;

/// <summary>Time from each click until the first recommendation that was served by a version trained on it.</summary>
/// <remarks>Manifests, recommendations and sequences come on three topics in no common order; every order gives the same answer.</remarks>
public sealed class Freshness
{
    private readonly Dictionary<string, DateTimeOffset> versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<int, long>> trained = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Partition> partitions = [];

    public Quantiles Quantiles { get; } = new();

    /// <summary>
    /// A sequence was appended at (<paramref name="partition"/>, <paramref name="offset"/>) for a click made at <paramref name="at"/>.
    /// </summary>
    public void Clicked(int partition, long offset, DateTimeOffset at)
    {
        var clicks = On(partition);
        if (clicks.ServedAt(offset) is { } served)
            Add(at, served);
        else
            clicks.Waiting[offset] = at;
    }

    /// <summary>
    /// <paramref name="version"/> was trained on all sequences before <paramref name="offsets"/> (partition to the next offset).
    /// </summary>
    public void Trained(string version, IReadOnlyDictionary<int, long> offsets)
    {
        if (trained.TryAdd(version, offsets) && versions.TryGetValue(version, out var at))
            Reach(offsets, at);
    }

    /// <summary>A recommendation of <paramref name="version"/> was made at <paramref name="at"/>.</summary>
    public void Served(string version, DateTimeOffset at)
    {
        if (versions.TryAdd(version, at) && trained.TryGetValue(version, out var offsets))
            Reach(offsets, at);
    }

    /// <summary>Whether <paramref name="version"/> learned from the sequence at this position.</summary>
    public bool Knows(string version, int partition, long offset)
        => trained.TryGetValue(version, out var offsets) && offsets.TryGetValue(partition, out var next) && offset < next;

    private void Reach(IReadOnlyDictionary<int, long> offsets, DateTimeOffset served)
    {
        foreach (var (partition, next) in offsets)
        {
            var clicks = On(partition);
            clicks.Marks.Add((next, served));
            foreach (var offset in clicks.Waiting.Keys.TakeWhile(offset => offset < next).ToArray())
            {
                clicks.Waiting.Remove(offset, out var at);
                Add(at, served);
            }
        }
    }

    private void Add(DateTimeOffset clicked, DateTimeOffset served)
        => Quantiles.Add(served > clicked ? served - clicked : TimeSpan.Zero);

    private Partition On(int partition) =>
        partitions.TryGetValue(partition, out var clicks) ? clicks : partitions[partition] = new Partition();

    private sealed class Partition
    {
        public SortedDictionary<long, DateTimeOffset> Waiting { get; } = [];

        public List<(long Next, DateTimeOffset Served)> Marks { get; } = [];

        public DateTimeOffset? ServedAt(long offset)
            => Marks.Where(mark => offset < mark.Next).Select(mark => (DateTimeOffset?)mark.Served).Min();
    }
}
