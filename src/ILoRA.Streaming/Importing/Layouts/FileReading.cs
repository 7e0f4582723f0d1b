using System.Text;

namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>How to read a file of items or clicks. What is null is recognised; a file that cannot be for certain is refused.</summary>
public sealed record FileReading
{
    /// <summary>Everything is recognised from the file.</summary>
    public static FileReading Recognised { get; } = new();

    public FileFormat? Format { get; init; }

    /// <summary>Which column holds what, by the header's name or by 1-based position; in JSON Lines by path.</summary>
    public IReadOnlyDictionary<ColumnRole, string>? Columns { get; init; }

    /// <summary>
    /// What the flags that errors name begin with, where a command reads other files too: <c>items-</c> makes <c>--items-columns</c>.
    /// </summary>
    public string FlagPrefix { get; init; } = "";

    /// <summary>Null is UTF-8, in which a byte that is not UTF-8 refuses the file.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Null looks at the whole column.</summary>
    public string? TimeFormat { get; init; }

    /// <summary>So many bad rows are left out; one more refuses the file.</summary>
    public int SkipBad { get; init; }

    /// <summary>Times before 1990 and beyond tomorrow are taken too.</summary>
    public bool AnyTime { get; init; }

    /// <summary>Tells which time is beyond tomorrow.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told how many rows were read so far; each row of clicks is read twice.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>Ends the reading by an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Stop { get; init; }
}
