using System.Text;

namespace ILoRA.Streaming.Importing.Text;

/// <summary>Opens a text file; one packed by gzip is unpacked while it is read.</summary>
internal static class TextSource
{
    private const string Packed = ".gz";

    /// <summary>
    /// Without an encoding, by the byte order mark. One that was found before goes before the mark, whose own encoding would not be strict.
    /// </summary>
    public static StreamReader Open(string path, Encoding? encoding = null)
        => new(OpenBytes(path), encoding ?? Encoding.UTF8, detectEncodingFromByteOrderMarks: encoding is null);

    /// <summary>The file's bytes, unpacked.</summary>
    /// <exception cref="InvalidDataException">It is a folder or a pipe, or no whole gzip file by a name that says so.</exception>
    public static Stream OpenBytes(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidDataException($"{path}: is a folder; give the file itself.");
        var file = File.OpenRead(path);
        try
        {
            // Files are read several times.
            if (!file.CanSeek)
                throw new InvalidDataException($"{path}: is a pipe; write it to a file first.");
            return path.EndsWith(Packed, StringComparison.OrdinalIgnoreCase) ? new GzipFile(file) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public static IEnumerable<string> Lines(string path, Encoding? encoding = null)
    {
        using var reader = Open(path, encoding);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    /// <summary>The file's name as if it were not packed.</summary>
    public static string Unpacked(string path)
        => path.EndsWith(Packed, StringComparison.OrdinalIgnoreCase) ? path[..^Packed.Length] : path;
}
