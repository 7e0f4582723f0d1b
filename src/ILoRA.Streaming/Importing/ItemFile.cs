using System.Text.RegularExpressions;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing;

/// <summary>Reads items from a file, in the file's order.</summary>
public static partial class ItemFile
{
    /// <summary>Reads the whole file.</summary>
    /// <exception cref="InvalidDataException">It is not understood for certain, or a row is bad.</exception>
    /// <exception cref="OperationCanceledException">By <see cref="FileReading.Stop"/>.</exception>
    public static FileContents<ItemLine> Open(string path, FileReading reading)
    {
        try
        {
            return ReadWhole(path, reading);
        }
        catch (InvalidDataException bad) when (reading.FlagPrefix.Length > 0)
        {
            throw new InvalidDataException(ReadingFlag().Replace(bad.Message, $"--{reading.FlagPrefix}${{flag}}"), bad);
        }
    }

    private static FileContents<ItemLine> ReadWhole(string path, FileReading reading)
    {
        var file = FileExtent.Of(path);
        var name = file.Name;
        var source = RecordSource.Of(file, FileKind.Items, reading);
        var (bad, leftOut, items) = (new BadRows(name, reading.SkipBad), new LeftOutRows(), new ItemRows(name, source.Layout.Format));
        var read = 0L;
        foreach (var record in source.Read().StoppedBy(reading.Stop))
        {
            reading.Progress?.Report(++read);
            if ((record.Problem ?? (record.LeftOut is null ? ItemRows.Problem(record) : null)) is { } problem)
                bad.Add(record.Line, problem, record.EndsFile);
            else if (record.LeftOut is { } reason)
                leftOut.Add(reason);
            else
            {
                items.Add(record);
                if (record.AttributesLeftOut > 0)
                    leftOut.Add("attributes that are lists or objects", record.AttributesLeftOut);
            }
        }
        var lines = items.Lines(bad);
        if (lines.Count == 0)
            throw new InvalidDataException($"{name}: holds no item.");
        return new(source.Layout, lines.Count, lines)
        {
            Extent = file,
            Skipped = bad.Count,
            FirstSkipped = bad.First,
            Notes = [.. items.Notes, .. leftOut.Notes],
        };
    }

    /// <summary>The lines of <see cref="Open"/>.</summary>
    public static IReadOnlyList<ItemLine> Read(string path, FileReading reading) => [.. Open(path, reading).Lines];

    [GeneratedRegex("--(?<flag>format|columns|encoding|skip-bad)\\b")]
    private static partial Regex ReadingFlag();
}
