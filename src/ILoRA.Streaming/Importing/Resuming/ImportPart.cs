namespace ILoRA.Streaming.Importing.Resuming;

/// <summary>Lines of a file that are sent together, in their order; all lines before them were sent.</summary>
/// <param name="After">What was sent before.</param>
/// <param name="End">The file up to the part's last line.</param>
/// <param name="Position">How many of the part's lines were sent.</param>
public sealed record ImportPart(FilePrefix After, FilePrefix End, long Position)
{
    /// <summary>Under which <see cref="Position"/> is kept: of the same lines in the same file only.</summary>
    public string Mark => MarkOf(After, End);

    public bool Holds(long line) => line > After.Lines && line <= End.Lines;

    internal static string MarkOf(FilePrefix after, FilePrefix end) => $"{after.Bytes}-{end.Sha256[..16]}";
}
