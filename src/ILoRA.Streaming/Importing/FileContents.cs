using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing;

/// <summary>A file that was read wholly once and found good.</summary>
/// <param name="Layout">How it was understood.</param>
/// <param name="Count">How many <paramref name="Lines"/> there are.</param>
/// <param name="Lines">What it holds; clicks in the order of time.</param>
public sealed record FileContents<T>(FileLayout Layout, long Count, IEnumerable<T> Lines)
{
    /// <summary>The part of the file that was read: all of it, unless it has grown since.</summary>
    public required FileExtent Extent { get; init; }

    /// <summary>How many rows were bad and left out.</summary>
    public int Skipped { get; init; }

    /// <summary>What was wrong with the first row that was left out, with file and line.</summary>
    public string? FirstSkipped { get; init; }

    /// <summary>What the user should know before the lines are used: one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What was left out and the notes, one line each.</summary>
    /// <param name="file">The file's name.</param>
    public IReadOnlyList<string> Remarks(string file) =>
    [
        .. Skipped > 0 ? (string[])[$"{file}: bad rows left out: {Skipped:N0}, the first is {FirstSkipped}"] : [],
        .. Notes.Select(note => $"{file}: {note}"),
    ];
}
