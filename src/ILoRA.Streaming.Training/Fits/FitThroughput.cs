namespace ILoRA.Streaming.Training.Fits;

/// <summary>How much was done a second, lately, and in all.</summary>
/// <param name="time">The clock.</param>
/// <param name="before">What was done before.</param>
internal sealed class FitThroughput(TimeProvider time, long before = 0)
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(20);
    private readonly Queue<(long At, int Count)> steps = [];
    private long begun = time.GetTimestamp();
    private long sum;

    public long Total { get; private set; } = before;

    /// <returns>Counts a second over the last twenty seconds.</returns>
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
