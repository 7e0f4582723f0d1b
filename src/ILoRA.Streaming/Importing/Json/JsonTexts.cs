using System.Text;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>Cuts a file into the texts of its JSON objects: one a line, an array of them, or objects over several lines.</summary>
internal static class JsonTexts
{
    /// <summary>An object with its first line, counted from 1.</summary>
    /// <exception cref="InvalidDataException">The objects' ends cannot be found; names file and line.</exception>
    public static IEnumerable<(long Line, string Text)> Read(FileExtent file, Encoding? encoding = null)
    {
        using var reader = TextSource.Open(file, encoding);
        return AreLines(reader) ? Lines(file, encoding) : new JsonCutter(file, encoding).Objects();
    }

    /// <summary>Whether the first line that is not blank begins with an object and ends with it or breaks off within it.</summary>
    private static bool AreLines(StreamReader reader)
    {
        string? line;
        do
            line = reader.ReadLine()?.Trim();
        while (line is "");
        // What is no JSON at all is complained about line by line.
        if (line is not ['{' or '[', ..])
            return true;
        // A pretty-printed object goes on after its brace, or after a comma.
        return line[0] == '{' && line.Length > 1 && line[^1] is not (',' or '{' or '[' or ':');
    }

    private static IEnumerable<(long Line, string Text)> Lines(FileExtent file, Encoding? encoding)
    {
        var line = 0L;
        foreach (var text in TextSource.Lines(file, encoding))
        {
            line++;
            if (!string.IsNullOrWhiteSpace(text))
                yield return (line, text);
        }
    }
}
