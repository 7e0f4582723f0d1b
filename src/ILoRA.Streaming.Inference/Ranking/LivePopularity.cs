using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>
/// Exponentially decayed click counts of items, from the sequences that this worker reads. They rank the fallback lists where no version
/// can rank. The half-life is one hour.
/// </summary>
public sealed class LivePopularity(TimeProvider time)
{
    private const int OrderedItems = 200;

    /// <summary>The count of a single click after three half-lives.</summary>
    private const double LeastRecent = 1 / 8.0;

    private static readonly TimeSpan HalfLife = TimeSpan.FromHours(1);
    private static readonly TimeSpan OrderEvery = TimeSpan.FromSeconds(1);

    private readonly Lock counting = new();
    private readonly Dictionary<ItemId, double> counts = [];
    private readonly long start = time.GetTimestamp();
    private IReadOnlyList<ItemId> order = [];
    private long ordered;

    /// <summary>Counts one click.</summary>
    public void Add(ItemId item)
    {
        lock (counting)
        {
            // Increments that grow over time give the same order as counts that decay, without an update of all counts at each click.
            counts[item] = counts.GetValueOrDefault(item) + Math.Pow(2, time.GetElapsedTime(start) / HalfLife);
        }
    }

    /// <summary>The items with a decayed count of at least one click three half-lives ago.</summary>
    public IReadOnlyList<ItemId> Recent()
    {
        lock (counting)
        {
            var least = LeastRecent * Math.Pow(2, time.GetElapsedTime(start) / HalfLife);
            return [.. counts.Where(pair => pair.Value >= least).Select(pair => pair.Key)];
        }
    }

    /// <summary>The items with the largest counts, best first. The order is recomputed at most once a second.</summary>
    public IReadOnlyList<ItemId> Order()
    {
        lock (counting)
        {
            if (order.Count == 0 || time.GetElapsedTime(ordered) > OrderEvery)
            {
                order = [.. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Value, StringComparer.Ordinal)
                    .Take(OrderedItems).Select(pair => pair.Key)];
                ordered = time.GetTimestamp();
            }
            return order;
        }
    }
}
