using System.CommandLine;
using System.CommandLine.Parsing;
using ILoRA.Streaming.Importing;

namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary>Arguments and options that several commands read files by.</summary>
internal static class FileInputs
{
    private static readonly string FormatNames = string.Join(", ", FileFormats.ByName.Keys);

    public static Argument<FileInfo> File(string description) => new Argument<FileInfo>("FILE") { Description = description }.AcceptExistingOnly();

    public static Option<FileFormat?> Format() => new("--format")
    {
        Description = $"{FormatNames} (default: by the file's name)",
        HelpName = "NAME",
        CustomParser = ParseFormat,
    };

    public static Option<DateTimeOffset?> Time(string name, string description) => new(name) { Description = description, HelpName = "TIME", CustomParser = ParseTime };

    public static Option<double> Speed() => new("--speed")
    {
        Description = "How many times faster than recorded, or max",
        HelpName = "N",
        CustomParser = ParseSpeed,
        DefaultValueFactory = _ => double.PositiveInfinity,
    };

    private static FileFormat? ParseFormat(ArgumentResult result)
    {
        var name = result.Tokens[0].Value;
        if (FileFormats.ByName.TryGetValue(name, out var format))
            return format;
        var near = NearestName.Of(name, FileFormats.ByName.Keys);
        result.AddError($"unknown format '{name}'; {(near is null ? $"one of {FormatNames}" : $"did you mean '{near}'?")}");
        return null;
    }

    private static DateTimeOffset? ParseTime(ArgumentResult result)
    {
        if (FileTime.TryParse(result.Tokens[0].Value, out var time))
            return time;
        result.AddError($"'{result.Tokens[0].Value}' is not a time; give Unix seconds, milliseconds or RFC 3339");
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
