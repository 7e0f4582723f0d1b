using System.CommandLine;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Clicks;

/// <summary><c>ilora clicks import</c></summary>
internal static class ClicksImport
{
    private const string Description = """
        Send a file's clicks to the clicks topic, in the file's order.

        The whole file is checked before anything is sent. The import resumes: how many lines were delivered is kept in the cluster, as the committed
        offset of a consumer group named after the file and its first 4 KiB; --restart begins again. Every click gets the id FILE-FINGERPRINT:LINE (unless the
        file has ids), so that one sent twice is counted once.
        """;

    private static readonly Argument<FileInfo> File = FileInputs.File("The clicks; may be packed (.gz)");
    private static readonly Option<FileFormat?> Format = FileInputs.Format();
    private static readonly Option<double> Speed = FileInputs.Speed();
    private static readonly Option<DateTimeOffset?> From = FileInputs.Time("--from", "Leave out clicks before this time");
    private static readonly Option<DateTimeOffset?> Until = FileInputs.Time("--until", "Leave out clicks from this time on");
    private static readonly Option<long?> Events = new("--events") { Description = "At most so many clicks", HelpName = "N" };
    private static readonly Option<bool> Restart = new("--restart") { Description = "Begin at the first line, whatever was sent before", Arity = ArgumentArity.Zero };

    public static Command Create()
    {
        var command = new DocumentedCommand("import", Description,
            "ilora clicks import events.tsv --format online-retail --speed 3600 --from 2011-06-01",
            "ilora clicks import u.data --format movielens --json") { File, Format, Speed, From, Until, Events, Restart, Report.JsonOption };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var file = parsed.GetRequiredValue(File);
        var cut = new TimeCut(parsed.GetValue(From), parsed.GetValue(Until), parsed.GetValue(Events));
        var clicks = cut.Of(ClickFile.Read(file.FullName, parsed.GetValue(Format) ?? FileFormats.OfName(file.Name))).ToList();
        var cluster = new Cluster(parsed);
        var kafka = await cluster.ReachTopicsAsync(topics => topics.Clicks);
        using var producer = cluster.Producer();
        var import = new FileImport(parsed, kafka, kafka.Topics.Clicks, file) { Speed = parsed.GetValue(Speed), Restart = parsed.GetValue(Restart) };
        var report = await import.RunAsync("clicks", clicks, new(click => click.Line, click => click.Time, SendAsync), producer, cancellation);
        new Report(parsed).Write(report, done => new Text(done.Sentence));
        return ExitCode.Done;
    }

    private static Task SendAsync(EventProducer producer, ClickLine click, string import)
    {
        var sent = click.ToEvent($"{import}:{click.Line}");
        return producer.ProduceAsync(producer.Topics.Clicks, click.User, EventJson.Write(sent), new EventHeader(sent.Id!, "ilora.click.v1", click.Time));
    }
}
