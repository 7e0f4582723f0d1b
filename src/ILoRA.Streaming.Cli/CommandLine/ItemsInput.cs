using System.CommandLine;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Lines;

namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary>The catalogue that a command reads beside other files.</summary>
internal sealed class ItemsInput
{
    private readonly FileReadingOptions reading = FileReadingOptions.OfItemsBeside();

    public Option<FileInfo> File { get; } = new Option<FileInfo>("--items")
    {
        Description = "The catalogue (docs/files.md)",
        HelpName = "FILE",
        Required = true,
    }.AcceptExistingFile();

    public void AddTo(Command command)
    {
        command.Add(File);
        reading.AddTo(command);
    }

    /// <summary>One line an item, in the file's order; what was left out is said on standard error.</summary>
    /// <exception cref="InvalidDataException">The file is not understood for certain, or has a bad row.</exception>
    /// <exception cref="OperationCanceledException">By <paramref name="stop"/>.</exception>
    public IReadOnlyList<ItemLine> Read(ParseResult parsed, CancellationToken stop)
    {
        var file = parsed.GetRequiredValue(File);
        var contents = ItemFile.Open(file.FullName, reading.Of(parsed, stop));
        FileNotes.Write(parsed.InvocationConfiguration.Error, file.Name, contents);
        return [.. contents.Lines];
    }
}
