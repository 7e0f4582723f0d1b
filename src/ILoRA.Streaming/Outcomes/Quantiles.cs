namespace ILoRA.Streaming.Outcomes;

/// <summary>Quantiles of durations in constant memory: buckets 1 % wide, so an answer is at most 1 % off.</summary>
public sealed class Quantiles
{
    private const double Growth = 1.01;
    private const double SmallestSeconds = 1e-5;
    private readonly Dictionary<int, long> buckets = [];

    public long Count { get; private set; }

    public void Add(TimeSpan duration)
    {
        var seconds = Math.Max(duration.TotalSeconds, SmallestSeconds);
        var bucket = (int)Math.Round(Math.Log(seconds / SmallestSeconds) / Math.Log(Growth));
        buckets[bucket] = buckets.GetValueOrDefault(bucket) + 1;
        Count++;
    }

    /// <summary>
    /// The duration that a share <paramref name="quantile"/> (0 to 1) of all durations does not exceed; null before the first.
    /// </summary>
    public TimeSpan? Of(double quantile)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quantile, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantile, 1);
        var left = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        foreach (var (bucket, count) in buckets.OrderBy(entry => entry.Key))
        {
            left -= count;
            if (left <= 0)
                return TimeSpan.FromSeconds(SmallestSeconds * Math.Pow(Growth, bucket));
        }
        return null;
    }
}
