using System.CommandLine;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary>The clicks that a command reads beside other files.</summary>
internal sealed class ClicksInput(string description, bool required = false)
{
    private readonly FileReadingOptions reading = FileReadingOptions.OfClicks();

    public Option<FileInfo> File { get; } = new Option<FileInfo>("--clicks")
    {
        Description = description,
        HelpName = "FILE",
        Required = required,
    }.AcceptExistingFile();

    public void AddTo(Command command)
    {
        command.Add(File);
        reading.AddTo(command);
    }

    /// <summary>In the order of time; what was left out is said on standard error.</summary>
    /// <exception cref="InvalidDataException">The file is not understood for certain, or has a bad row.</exception>
    /// <exception cref="OperationCanceledException">By <paramref name="stop"/>.</exception>
    public IEnumerable<ClickLine> Read(ParseResult parsed, CancellationToken stop)
    {
        var file = parsed.GetRequiredValue(File);
        var contents = ClickFile.Open(file.FullName, reading.Of(parsed, stop));
        FileNotes.Write(parsed.InvocationConfiguration.Error, file.Name, contents);
        return contents.Lines.StoppedBy(stop);
    }
}
