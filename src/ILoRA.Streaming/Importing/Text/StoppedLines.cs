namespace ILoRA.Streaming.Importing.Text;

/// <summary>Ends a pass over the lines of a large file before its last line.</summary>
public static class StoppedLines
{
    /// <summary>
    /// The same lines; once <paramref name="stop"/> is cancelled, the next one is an <see cref="OperationCanceledException"/>.
    /// </summary>
    public static IEnumerable<T> StoppedBy<T>(this IEnumerable<T> lines, CancellationToken stop)
    {
        foreach (var line in lines)
        {
            stop.ThrowIfCancellationRequested();
            yield return line;
        }
    }
}
