using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Text;
using ILoRA.Streaming.Importing.Times;

namespace ILoRA.Streaming.CommandLine;

/// <summary>The flags that say how a file of items or clicks is to be read, where it does not say so itself.</summary>
public sealed class FileReadingOptions
{
    private static readonly string FormatNames = string.Join(", ", FileFormats.ByName.Keys);

    private readonly string prefix;
    private readonly Option<FileFormat?> format;
    private readonly Option<IReadOnlyDictionary<ColumnRole, string>?> columns;
    private readonly Option<Encoding?> encoding;
    private readonly Option<int> skipBad;
    private readonly Option<string?>? timeFormat;
    private readonly Option<bool>? anyTime;

    private FileReadingOptions(string prefix, string roles, bool holdsTimes)
    {
        this.prefix = prefix;
        format = new($"--{prefix}format")
        {
            Description = $"{FormatNames} (default: recognised from the file)",
            HelpName = "NAME",
            CustomParser = ParseFormat,
        };
        columns = new($"--{prefix}columns")
        {
            Description = $"Which column is what: {roles} (names of the header, or positions from 1; - for none)",
            HelpName = "ROLE=COLUMN,...",
            CustomParser = ParseColumns,
        };
        encoding = new($"--{prefix}encoding")
        {
            Description = "How the text is encoded, e.g. windows-1252 or latin1 (default: UTF-8)",
            HelpName = "NAME",
            CustomParser = ParseEncoding,
        };
        skipBad = new($"--{prefix}skip-bad")
        {
            Description = "Leave out up to so many bad rows (default 0: the first one refuses the file)",
            HelpName = "N",
            CustomParser = ParseCount,
        };
        if (!holdsTimes)
            return;
        timeFormat = new($"--{prefix}time-format")
        {
            Description = $"How times are written: {TimeFormats.Accepted} (default: by the whole column)",
            HelpName = "NAME",
        };
        timeFormat.Validators.Add(CheckTimeFormat);
        anyTime = new($"--{prefix}any-time") { Description = "Take times before 1990 and beyond tomorrow too", Arity = ArgumentArity.Zero };
    }

    /// <summary>For the one file of a command, or for the clicks of one that also reads items.</summary>
    public static FileReadingOptions OfClicks() => new("", "user=..,item=..,time=..", holdsTimes: true);

    /// <summary>For the one file of a command.</summary>
    public static FileReadingOptions OfItems() => new("", "item=..,title=..", holdsTimes: false);

    /// <summary>For the items of a command that also reads something else.</summary>
    public static FileReadingOptions OfItemsBeside() => new("items-", "item=..,title=..", holdsTimes: false);

    public void AddTo(Command command)
    {
        foreach (var option in (Option?[])[format, columns, encoding, skipBad, timeFormat, anyTime])
            if (option is not null)
                command.Add(option);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="stop">Ends the reading.</param>
    public FileReading Of(ParseResult parsed, CancellationToken stop) => new()
    {
        FlagPrefix = prefix,
        Format = parsed.GetValue(format),
        Columns = parsed.GetValue(columns),
        Encoding = parsed.GetValue(encoding),
        SkipBad = parsed.GetValue(skipBad),
        TimeFormat = timeFormat is null ? null : parsed.GetValue(timeFormat),
        AnyTime = anyTime is not null && parsed.GetValue(anyTime),
        Progress = new RowsRead(parsed.InvocationConfiguration.Error),
        Stop = stop,
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

    private static IReadOnlyDictionary<ColumnRole, string>? ParseColumns(ArgumentResult result)
    {
        var columns = ColumnFlag.Parse(result.Tokens[0].Value, out var problem);
        if (columns is null)
            result.AddError($"--columns: {problem}");
        return columns;
    }

    private static Encoding? ParseEncoding(ArgumentResult result)
    {
        var name = result.Tokens[0].Value;
        if (FileEncoding.TryParse(name, out var encoding))
            return encoding;
        result.AddError($"unknown encoding '{name}'; e.g. utf-8, utf-16, latin1, windows-1252, shift_jis");
        return null;
    }

    private static int ParseCount(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return count;
        result.AddError($"'{result.Tokens[0].Value}' is not a number of rows");
        return 0;
    }

    private static void CheckTimeFormat(OptionResult result)
    {
        if (result.Tokens is [var token] && TimeFormats.Of(token.Value) is null)
            result.AddError($"unknown time format '{token.Value}'; {TimeFormats.Accepted}");
    }
}

/// <summary>Says now and then how many rows of a large file were read, in all passes over it.</summary>
internal sealed class RowsRead(TextWriter error) : IProgress<long>
{
    private const long Few = 1000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private long last = TimeProvider.System.GetTimestamp();

    public void Report(long value)
    {
        if (value < Few || TimeProvider.System.GetElapsedTime(last) < Every)
            return;
        last = TimeProvider.System.GetTimestamp();
        error.WriteLine($"reading: {value:N0} rows so far (a file is read more than once)");
    }
}
