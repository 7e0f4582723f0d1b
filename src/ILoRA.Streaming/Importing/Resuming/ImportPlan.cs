using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing.Resuming;

/// <summary>
/// The parts of a file that were not sent yet. A file to which lines were appended continues after those that were sent; after any other
/// change it is sent from its beginning.
/// </summary>
/// <param name="Parts">In their order: of a file that was cut off and has grown since, what it held then comes first.</param>
/// <param name="SentLines">Lines of the file before the first part.</param>
/// <param name="IsChanged">Whether an earlier content of the file was sent, which it no longer begins with.</param>
public sealed record ImportPlan(IReadOnlyList<ImportPart> Parts, long SentLines, bool IsChanged)
{
    /// <summary>Bytes of the file that were sent wholly.</summary>
    private const string Sent = "sent";

    /// <summary>Bytes of the file when its newest import began.</summary>
    private const string Begun = "begun";

    /// <param name="file">The part of it that was read: lines that were appended since are for the next import.</param>
    /// <param name="marks">What earlier imports kept.</param>
    /// <param name="grows">Whether a line stands for itself, whatever follows it: then appended lines can be sent alone.</param>
    /// <param name="stop">Ends the reading of the file by an exception.</param>
    public static ImportPlan Of(FileExtent file, ImportMarks marks, bool grows, CancellationToken stop)
    {
        var (sent, begun) = grows ? (marks.Read(Sent), marks.Read(Begun)) : (0, 0);
        var (whole, earlier) = FilePrefix.Of(file, [sent, begun], stop);
        FilePrefix? At(long bytes) => bytes == whole.Bytes ? whole : earlier.FirstOrDefault(prefix => prefix.Bytes == bytes);
        var after = At(sent) is { } known && sent > 0 && marks.Read(Proof(known)) == sent ? known : FilePrefix.Empty;
        var parts = new List<ImportPart>();
        void Add(FilePrefix end, bool evenIfNew)
        {
            if (end.Bytes <= after.Bytes || (marks.Read(ImportPart.MarkOf(after, end)) is var position && position == 0 && !evenIfNew))
                return;
            parts.Add(new ImportPart(after, end, position));
            after = end;
        }
        var sentLines = after.Lines;
        var isChanged = after == FilePrefix.Empty && (sent > 0 || (begun > 0 && At(begun) is null));
        if (begun < whole.Bytes && At(begun) is { } cutOff)
            Add(cutOff, evenIfNew: false);
        Add(whole, evenIfNew: true);
        return new ImportPlan(parts, sentLines, isChanged);
    }

    /// <summary>The whole file, whatever was sent.</summary>
    public static ImportPlan Anew(FileExtent file, CancellationToken stop)
        => new([new ImportPart(FilePrefix.Empty, FilePrefix.Of(file, [], stop).Whole, 0)], 0, false);

    public static void Begin(ImportPart part, ImportMarks marks) => marks.Keep(Begun, part.End.Bytes);

    /// <summary>To be called once every line of the part is delivered.</summary>
    public static void Complete(ImportPart part, ImportMarks marks)
    {
        marks.Keep(Proof(part.End), part.End.Bytes);
        marks.Keep(Sent, part.End.Bytes);
    }

    /// <summary>Kept only for a content that was sent wholly.</summary>
    private static string Proof(FilePrefix prefix) => $"whole-{prefix.Sha256[..16]}";
}

/// <summary>Numbers that imports of one file keep under names.</summary>
/// <param name="Read">The number of a name; 0 where none was kept.</param>
/// <param name="Keep">Keeps a number under a name.</param>
public sealed record ImportMarks(Func<string, long> Read, Action<string, long> Keep);
