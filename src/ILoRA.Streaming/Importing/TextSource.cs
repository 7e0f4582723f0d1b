using System.IO.Compression;
using System.Text;

namespace ILoRA.Streaming.Importing;

/// <summary>Opens a text file; a name that ends in .gz is unpacked while it is read.</summary>
internal static class TextSource
{
    private const string Packed = ".gz";

    public static StreamReader Open(string path, Encoding? encoding = null)
    {
        Stream file = File.OpenRead(path);
        if (path.EndsWith(Packed, StringComparison.OrdinalIgnoreCase))
            file = new GZipStream(file, CompressionMode.Decompress);
        return new StreamReader(file, encoding ?? Encoding.UTF8);
    }

    public static IEnumerable<string> Lines(string path)
    {
        using var reader = Open(path);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    /// <summary>The file's name as if it were not packed.</summary>
    public static string Unpacked(string path)
        => path.EndsWith(Packed, StringComparison.OrdinalIgnoreCase) ? path[..^Packed.Length] : path;
}
