namespace ILoRA.Streaming.Model.Scoring;

/// <summary>Selects the largest of many scores.</summary>
public static class TopK
{
    /// <summary>Selects the <paramref name="count"/> largest finite scores.</summary>
    /// <returns>Their indices, best first; of equal scores the lower index first, so that the result is reproducible.</returns>
    public static int[] Of(ReadOnlySpan<float> scores, int count)
    {
        // A min-heap of the best scores so far; its root is the lowest of them.
        var heap = new PriorityQueue<int, (float Score, int Index)>(Comparer<(float Score, int Index)>.Create(
            (a, b) => a.Score != b.Score ? a.Score.CompareTo(b.Score) : b.Index.CompareTo(a.Index)));
        var threshold = float.NegativeInfinity;
        for (var i = 0; i < scores.Length && count > 0; i++)
        {
            // Most items of a catalogue are skipped here; NaN is too.
            if (!(scores[i] > threshold) || float.IsPositiveInfinity(scores[i]))
                continue;
            if (heap.Count < count)
                heap.Enqueue(i, (scores[i], i));
            else
                heap.DequeueEnqueue(i, (scores[i], i));
            if (heap.Count == count && heap.TryPeek(out _, out var least))
                threshold = least.Score;
        }
        var best = new int[heap.Count];
        for (var place = best.Length - 1; place >= 0; place--)
            best[place] = heap.Dequeue();
        return best;
    }
}
