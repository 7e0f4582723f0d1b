using System.Text;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>The first line <c>sep=;</c> by which Excel is told what separates the fields: it is neither header nor data.</summary>
internal static class SeparatorLine
{
    private const string Key = "sep=";

    /// <summary>Longer than any such line, and little of a file that has no line breaks.</summary>
    private const int MaxChars = 16;

    /// <summary>Null where the file has no such line.</summary>
    /// <exception cref="InvalidDataException">The line names none of the known separators.</exception>
    public static Separator? Of(FileExtent file, Encoding encoding)
    {
        using var text = TextSource.Open(file, encoding);
        var first = new char[MaxChars];
        var line = new string(first, 0, text.ReadBlock(first)).Split('\n')[0];
        if (!Is(line))
            return null;
        var named = Named(line);
        return Separator.All.FirstOrDefault(separator => separator.Text == named) ?? throw new InvalidDataException(
            $"{file.Name}:1: '{Key}{named}' names no separator that is known "
            + $"({string.Join(", ", Separator.All.Select(separator => separator.Name))}); write the file with one of these.");
    }

    /// <param name="line">With or without its line break.</param>
    public static bool Is(string line) => Unquoted(line).StartsWith(Key, StringComparison.OrdinalIgnoreCase)
        && Named(line).Length is 1 or 2;

    private static string Named(string line) => Unquoted(line)[Key.Length..];

    private static string Unquoted(string line) => line.TrimEnd('\r', '\n').Trim('"');
}
