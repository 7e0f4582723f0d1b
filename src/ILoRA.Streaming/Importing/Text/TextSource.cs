using System.Text;

namespace ILoRA.Streaming.Importing.Text;

/// <summary>Opens a text file; one packed by gzip is unpacked while it is read.</summary>
internal static class TextSource
{
    private const string Packed = ".gz";

    /// <summary>
    /// Without an encoding, by the byte order mark. One that was found before goes before the mark, whose own encoding would not be strict.
    /// </summary>
    public static StreamReader Open(FileExtent file, Encoding? encoding = null)
        => new(OpenBytes(file), encoding ?? Encoding.UTF8, detectEncodingFromByteOrderMarks: encoding is null);

    /// <summary>The file's bytes, unpacked.</summary>
    /// <exception cref="InvalidDataException">It is no whole gzip file by a name that says so.</exception>
    public static Stream OpenBytes(FileExtent extent)
    {
        var file = File.OpenRead(extent.Path);
        try
        {
            return extent.Path.EndsWith(Packed, StringComparison.OrdinalIgnoreCase)
                ? new GzipFile(file, extent.Bytes) : new FileStart(file, extent.Bytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public static IEnumerable<string> Lines(string path) => Lines(FileExtent.Of(path));

    public static IEnumerable<string> Lines(FileExtent file, Encoding? encoding = null)
    {
        using var reader = Open(file, encoding);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    /// <summary>The file's name as if it were not packed.</summary>
    public static string Unpacked(string path)
        => path.EndsWith(Packed, StringComparison.OrdinalIgnoreCase) ? path[..^Packed.Length] : path;
}
