namespace ILoRA.Streaming.Model.Scoring;

/// <summary>The largest of many scores.</summary>
public static class TopK
{
    /// <returns>Indices of the <paramref name="count"/> largest finite scores, best first; equal scores by lower index, so the result is reproducible.</returns>
    public static int[] Of(ReadOnlySpan<float> scores, int count)
    {
        // A min-heap of the best so far: its root is the one to beat.
        var heap = new PriorityQueue<int, (float Score, int Index)>(Comparer<(float Score, int Index)>.Create(
            (a, b) => a.Score != b.Score ? a.Score.CompareTo(b.Score) : b.Index.CompareTo(a.Index)));
        var bar = float.NegativeInfinity;
        for (var i = 0; i < scores.Length && count > 0; i++)
        {
            // Nearly every item of a catalogue ends here; a NaN too.
            if (!(scores[i] > bar) || float.IsPositiveInfinity(scores[i]))
                continue;
            if (heap.Count < count)
                heap.Enqueue(i, (scores[i], i));
            else
                heap.DequeueEnqueue(i, (scores[i], i));
            if (heap.Count == count && heap.TryPeek(out _, out var least))
                bar = least.Score;
        }
        var best = new int[heap.Count];
        for (var place = best.Length - 1; place >= 0; place--)
            best[place] = heap.Dequeue();
        return best;
    }
}
