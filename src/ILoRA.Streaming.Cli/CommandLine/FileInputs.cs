using System.CommandLine;
using System.CommandLine.Parsing;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary>Arguments and options that several commands read files by.</summary>
internal static class FileInputs
{
    public static Argument<FileInfo> File(string description) =>
        new Argument<FileInfo>("FILE") { Description = description }.AcceptExistingFile();

    public static Option<DateTimeOffset?> Time(string name, string description) =>
        new(name) { Description = description, HelpName = "TIME", CustomParser = ParseTime };

    public static Option<long?> Events() =>
        new Option<long?>("--events") { Description = "At most so many clicks", HelpName = "N" }.AtLeast(1);

    public static Option<double> Speed() => new("--speed")
    {
        Description = "How many times faster than recorded, or max",
        HelpName = "N",
        CustomParser = ParseSpeed,
        DefaultValueFactory = _ => double.PositiveInfinity,
    };

    private static DateTimeOffset? ParseTime(ArgumentResult result)
    {
        if (FileTime.TryParse(result.Tokens[0].Value, out var time, out var problem))
            return time;
        result.AddError(problem);
        return null;
    }

    private static double ParseSpeed(ArgumentResult result)
    {
        if (ReplayPace.TryParseSpeed(result.Tokens[0].Value, out var speed))
            return speed;
        result.AddError($"'{result.Tokens[0].Value}' is not a speed; give max or a positive number, e.g. 60 for a minute a second");
        return 1;
    }
}
