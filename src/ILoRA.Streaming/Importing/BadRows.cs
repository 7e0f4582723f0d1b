namespace ILoRA.Streaming.Importing;

/// <summary>Counts the bad rows of a file; the one that is too many refuses it.</summary>
/// <param name="file">The file's name.</param>
/// <param name="allowed">How many may be left out.</param>
internal sealed class BadRows(string file, int allowed)
{
    private (long Line, string Problem)? first;

    public int Count { get; private set; }

    /// <summary>File, line and problem of the row that comes first in the file.</summary>
    public string? First => first is { } row ? $"{file}:{row.Line}: {row.Problem}." : null;

    /// <exception cref="InvalidDataException">It is one too many.</exception>
    public void Add(long line, string problem, bool endsFile = false)
    {
        if (first is null || line < first.Value.Line)
            first = (line, problem);
        Count++;
        if (endsFile)
            throw new InvalidDataException($"{file}:{line}: {problem}.");
        if (Count > allowed)
            throw new InvalidDataException(
                First + (allowed > 0 ? $" It is the first of more than {allowed:N0} bad rows (--skip-bad)." : ""));
    }
}
