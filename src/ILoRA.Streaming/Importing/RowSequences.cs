namespace ILoRA.Streaming.Importing;

/// <summary>Puts rows that are successive positions of one history together again, so that each click counts once.</summary>
public static class RowSequences
{
    /// <summary>
    /// A row goes on where the last one stopped when its history is the end of that sequence; else a new sequence begins.
    /// </summary>
    public static IEnumerable<IReadOnlyList<string>> Of(IEnumerable<HistoryRow> rows)
    {
        List<string>? sequence = null;
        foreach (var row in rows)
        {
            if (sequence is not null && Continues(sequence, row.History))
            {
                sequence.Add(row.Next);
                continue;
            }
            if (sequence is not null)
                yield return sequence;
            sequence = [.. row.History, row.Next];
        }
        if (sequence is not null)
            yield return sequence;
    }

    private static bool Continues(List<string> sequence, IReadOnlyList<string> history)
        => history.Count > 0 && history.Count <= sequence.Count
            && sequence.Skip(sequence.Count - history.Count).SequenceEqual(history, StringComparer.Ordinal);
}
