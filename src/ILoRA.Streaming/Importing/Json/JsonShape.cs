using System.Text.Json;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>Turns objects of one kind into records. One is made for each reading of a file: it may remember what it has seen.</summary>
internal abstract class JsonShape
{
    /// <summary>What an object holds; what is left out on purpose says so.</summary>
    public abstract IEnumerable<FileRecord> Records(JsonElement root, long line);

    /// <summary>What only the end of the file tells.</summary>
    public virtual IEnumerable<FileRecord> End() => [];

    protected static FileRecord LeftOut(long line, string what) => new(line) { LeftOut = what };
}
