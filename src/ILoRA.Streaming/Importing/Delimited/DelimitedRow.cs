namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>One row of a file of separated values.</summary>
/// <param name="Line">The physical line on which it begins, from 1.</param>
/// <param name="Fields">Without their quotes.</param>
internal sealed record DelimitedRow(long Line, string[] Fields)
{
    /// <summary>Why it cannot be read, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>The problem reaches beyond the row's own line, so that leaving out the row would leave out others unseen.</summary>
    public bool EndsFile { get; init; }
}
