using System.CommandLine;
using System.Globalization;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Importing.Resuming;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Clicks;

/// <summary><c>ilora clicks import</c></summary>
internal static class ClicksImport
{
    private const string Description = """
        Send a file's clicks to the clicks topic, in the order of time.

        The whole file is checked before anything is sent, and its first rows are shown as they are understood. The import resumes: how much
        was delivered is kept in the cluster, as committed offsets of consumer groups named after the file, how it is read, its first line and
        a hash of its content. Of a file to which lines were appended since, those alone are sent; one that was changed otherwise, or is read
        otherwise, begins again, and so does --restart. Every click gets the id FILE-FINGERPRINT:N (unless the file has ids; the
        fingerprint is of the click, of which it is the N-th in the file), so that one sent twice is counted once, wherever it stands.
        """;

    private static readonly Argument<FileInfo> File = FileInputs.File("The clicks; may be packed (.gz)");
    private static readonly FileReadingOptions Reading = FileReadingOptions.OfClicks();
    private static readonly Option<double> Speed = FileInputs.Speed();
    private static readonly Option<DateTimeOffset?> From = FileInputs.Time("--from", "Leave out clicks before this time");
    private static readonly Option<DateTimeOffset?> Until = FileInputs.Time("--until", "Leave out clicks from this time on");
    private static readonly Option<long?> Events = FileInputs.Events();
    private static readonly Option<bool> Restart =
        new("--restart") { Description = "Begin at the first line, whatever was sent before", Arity = ArgumentArity.Zero };

    public static Command Create()
    {
        var command = new DocumentedCommand("import", Description,
            "ilora clicks import events.tsv --format online-retail --speed 3600 --from 2011-06-01",
            "ilora clicks import u.data --format movielens --json") { File, Speed, From, Until, Events, Restart, Report.JsonOption };
        Reading.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var file = parsed.GetRequiredValue(File);
        var contents = ClickFile.Open(file.FullName, Reading.Of(parsed, cancellation));
        FileNotes.Write(parsed.InvocationConfiguration.Error, file.Name, contents);
        var lines = Lines(parsed, file.Name, contents, cancellation);
        FilePreview.Write(parsed.InvocationConfiguration.Error, file.Name, contents.Layout, lines.First);
        if (!lines.Wanted.Any())
            parsed.InvocationConfiguration.Error.WriteLine(NoneWanted(file.Name, contents));
        var cluster = new Cluster(parsed);
        var kafka = await cluster.ReachTopicsAsync(topics => topics.Clicks);
        using var producer = cluster.Producer();
        var import = new FileImport(parsed, kafka, kafka.Topics.Clicks, contents.Extent)
        {
            Speed = parsed.GetValue(Speed),
            Restart = parsed.GetValue(Restart),
            Grows = true,
        };
        var clicked = new Dictionary<string, long>(StringComparer.Ordinal);
        var report = await import.RunAsync("clicks", lines, click =>
        {
            clicked[click.Item] = clicked.GetValueOrDefault(click.Item) + 1;
            return SendAsync(producer, click, file.Name);
        }, cancellation);
        new Report(parsed).Write(report, done => new Text(done.Sentence));
        await new CoverageCheck(cluster, parsed.InvocationConfiguration.Error).WarnOfStrangersAsync(file.Name, clicked, cancellation);
        return ExitCode.Done;
    }

    /// <summary>Clicks are in the order of time: those before <c>--from</c> never come, the others later.</summary>
    private static ImportLines<ClickLine> Lines(ParseResult parsed, string file, FileContents<ClickLine> contents, CancellationToken stop)
    {
        var all = new TimeCut(parsed.GetValue(From)).Of(contents.Lines);
        var wanted = new TimeCut(null, parsed.GetValue(Until), parsed.GetValue(Events)).Of(all);
        var reading = $"{contents.Layout.Signature};from {parsed.GetValue(From)?.UtcTicks}";
        return new(all, wanted, click => click.Line, click => click.Time, reading, stop) { IdOf = click => LineId.Of(file, click) };
    }

    /// <summary>A file holds a click at least: it is the flags that leave out all of them.</summary>
    private static string NoneWanted(string file, FileContents<ClickLine> contents) => string.Create(CultureInfo.InvariantCulture,
        $"{file}: --from and --until leave none of its {contents.Count:N0} clicks, which are "
            + $"of {contents.Lines.First().Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} ")
        + string.Create(CultureInfo.InvariantCulture,
            $"to {contents.Lines.Last().Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: nothing is sent.");

    private static Task SendAsync(EventProducer producer, ClickLine click, string file)
    {
        var sent = click.ToEvent(LineId.Of(file, click));
        var header = new EventHeader(sent.Id!, "ilora.click.v1", click.Time);
        return producer.ProduceAsync(producer.Topics.Clicks, click.User, EventJson.Write(sent), header);
    }
}
