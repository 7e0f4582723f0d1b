namespace ILoRA.Streaming.Local.Watching;

/// <summary>The rates of counters over the last few seconds.</summary>
internal sealed class StreamRate(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private readonly Queue<(long At, long Clicks, long Recommendations)> marks = new();

    public (double Clicks, double Recommendations) Mark(long clicks, long recommendations)
    {
        marks.Enqueue((time.GetTimestamp(), clicks, recommendations));
        while (marks.Count > 2 && time.GetElapsedTime(marks.Peek().At) > Window)
            marks.Dequeue();
        var first = marks.Peek();
        var seconds = time.GetElapsedTime(first.At).TotalSeconds;
        return seconds > .1 ? ((clicks - first.Clicks) / seconds, (recommendations - first.Recommendations) / seconds) : (0, 0);
    }
}
