using ILoRA.Streaming.Importing;

namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary>Says what was left out of a file and what should be known of it.</summary>
internal static class FileNotes
{
    public static void Write<T>(TextWriter error, string file, FileContents<T> contents)
    {
        foreach (var remark in contents.Remarks(file))
            error.WriteLine(remark);
    }
}
