using System.Text;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>Finds the objects of an array, or of a file without line order, by their braces; their texts are parsed elsewhere.</summary>
internal sealed class JsonCutter(FileExtent file, Encoding? encoding)
{
    /// <summary>An object without end is a brace or a quote that is never closed.</summary>
    private const int MaxObjectChars = 1 << 26;

    private readonly StringBuilder current = new();
    private long line = 1, begun;
    private int depth;
    private bool inString, escaped, inArray, closed;

    public IEnumerable<(long Line, string Text)> Objects()
    {
        using var reader = TextSource.Open(file, encoding);
        var block = new char[1 << 14];
        while (reader.Read(block, 0, block.Length) is > 0 and var read)
            for (var at = 0; at < read; at++)
                if (Ends(block[at]))
                {
                    yield return (begun, current.ToString());
                    current.Clear();
                }
        if (depth > 0)
            throw Broken(begun, "the object that begins here has no end");
        if (inArray && !closed)
            throw Broken(line, "the array has no end: the file is cut off");
    }

    /// <summary>Whether the character closes an object.</summary>
    private bool Ends(char next)
    {
        if (next == '\n')
            line++;
        if (depth == 0 && !Begins(next))
            return false;
        if (current.Append(next).Length > MaxObjectChars)
            throw Broken(begun, $"the object that begins here has more than {MaxObjectChars:N0} characters");
        if (inString)
        {
            // JSON has no line break within a string: the quote before it was never closed.
            if (next is '\n')
                throw Broken(line - 1, "a string is not closed");
            (inString, escaped) = (escaped || next != '"', !escaped && next == '\\');
            return false;
        }
        inString = next == '"';
        depth += next switch { '{' or '[' => 1, '}' or ']' => -1, _ => 0 };
        return depth == 0;
    }

    /// <summary>Whether an object begins; what may stand between objects is passed over.</summary>
    private bool Begins(char next)
    {
        if (next == '{' && !closed)
        {
            begun = line;
            return true;
        }
        if (next == '[' && !inArray)
            inArray = true;
        else if (next == ']' && inArray && !closed)
            closed = true;
        else if (!char.IsWhiteSpace(next) && next != '\uFEFF' && (next != ',' || !inArray || closed))
            throw Broken(line, $"'{next}' stands where an object should begin; give one JSON object a line, or one array of objects");
        return false;
    }

    private InvalidDataException Broken(long where, string problem) => new($"{file.Name}:{where}: {problem}.");
}
