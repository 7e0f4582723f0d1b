namespace ILoRA.Streaming.Training.Fits;

/// <summary>Counts trained targets or samples, in total and per second over the last twenty seconds.</summary>
/// <param name="time">The clock.</param>
/// <param name="before">The count of earlier runs of the fit.</param>
internal sealed class FitThroughput(TimeProvider time, long before = 0)
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(20);
    private readonly Queue<(long At, int Count)> steps = [];
    private long begun = time.GetTimestamp();
    private long sum;

    public long Total { get; private set; } = before;

    /// <summary>Adds the count of a step.</summary>
    /// <returns>The throughput over the last twenty seconds, per second.</returns>
    public double Add(int count)
    {
        var now = time.GetTimestamp();
        steps.Enqueue((now, count));
        sum += count;
        Total += count;
        while (steps.Count > 1 && time.GetElapsedTime(steps.Peek().At, now) > Span)
        {
            var (at, old) = steps.Dequeue();
            (begun, sum) = (at, sum - old);
        }
        return sum / Math.Max(1e-3, time.GetElapsedTime(begun, now).TotalSeconds);
    }
}
