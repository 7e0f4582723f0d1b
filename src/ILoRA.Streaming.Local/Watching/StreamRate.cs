namespace ILoRA.Streaming.Local.Watching;

/// <summary>How fast counters rise, over the last few seconds.</summary>
internal sealed class StreamRate(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private readonly Queue<(long At, long Clicks, long Recommendations)> _marks = new();

    public (double Clicks, double Recommendations) Mark(long clicks, long recommendations)
    {
        _marks.Enqueue((time.GetTimestamp(), clicks, recommendations));
        while (_marks.Count > 2 && time.GetElapsedTime(_marks.Peek().At) > Window)
            _marks.Dequeue();
        var first = _marks.Peek();
        var seconds = time.GetElapsedTime(first.At).TotalSeconds;
        return seconds > .1 ? ((clicks - first.Clicks) / seconds, (recommendations - first.Recommendations) / seconds) : (0, 0);
    }
}
