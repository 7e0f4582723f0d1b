using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>
/// What is clicked most right now, counted from the sequences that pass through this worker. Serves where no version can: counts fade by half every
/// <see cref="HalfLife"/>, so old favourites leave.
/// </summary>
public sealed class LivePopularity(TimeProvider time)
{
    private const int OrderedItems = 200;

    /// <summary>What three half-lives leave of one click.</summary>
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
            // A growing increment ranks as fading counts do, without touching all of them at each click.
            counts[item] = counts.GetValueOrDefault(item) + Math.Pow(2, time.GetElapsedTime(start) / HalfLife);
        }
    }

    /// <summary>The items that were clicked within the last three half-lives; more clicks count longer.</summary>
    public IReadOnlyList<ItemId> Recent()
    {
        lock (counting)
        {
            var least = LeastRecent * Math.Pow(2, time.GetElapsedTime(start) / HalfLife);
            return [.. counts.Where(pair => pair.Value >= least).Select(pair => pair.Key)];
        }
    }

    /// <summary>The most clicked items, best first; at most a second old.</summary>
    public IReadOnlyList<ItemId> Order()
    {
        lock (counting)
        {
            if (order.Count == 0 || time.GetElapsedTime(ordered) > OrderEvery)
            {
                order = [.. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Value, StringComparer.Ordinal).Take(OrderedItems).Select(pair => pair.Key)];
                ordered = time.GetTimestamp();
            }
            return order;
        }
    }
}
