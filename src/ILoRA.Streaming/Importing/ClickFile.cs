using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Importing.Sorting;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing;

/// <summary>Reads clicks from a file, in the order of time.</summary>
public static class ClickFile
{
    /// <summary>Reads the whole file.</summary>
    /// <exception cref="InvalidDataException">It is not understood for certain, or a row is bad.</exception>
    /// <exception cref="OperationCanceledException">By <see cref="FileReading.Stop"/>.</exception>
    public static FileContents<ClickLine> Open(string path, FileReading reading)
    {
        var file = FileExtent.Of(path);
        var name = file.Name;
        var source = RecordSource.Of(file, FileKind.Clicks, reading);
        var rows = new ClickRows(name, source, reading);
        var format = rows.Examine();
        var lines = ClicksByTime.Sort(rows.Read(format));
        if (lines.Count == 0)
            throw new InvalidDataException($"{name}: holds no click.");
        return new(source.Layout with { TimeFormat = format.Name }, lines.Count, lines)
        {
            Extent = file,
            Skipped = rows.Bad.Count,
            FirstSkipped = rows.Bad.First,
            Notes = [.. rows.LeftOut.Notes],
        };
    }

    /// <summary>The lines of <see cref="Open"/>.</summary>
    public static IEnumerable<ClickLine> Read(string path, FileReading reading) => Open(path, reading).Lines;
}
