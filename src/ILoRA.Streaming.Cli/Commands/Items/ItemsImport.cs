using System.CommandLine;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Items;

/// <summary><c>ilora items import</c></summary>
internal static class ItemsImport
{
    private const string Description = """
        Send a file's items to the items topic, keyed by item, so that the newest title of each stays.

        The whole file is checked before anything is sent. The import resumes: how many lines were delivered is kept in the cluster, as the committed
        offset of a consumer group named after the file and its first 4 KiB; --restart begins again (for a file whose titles were mended).
        """;

    private static readonly Argument<FileInfo> File = FileInputs.File("The items; may be packed (.gz)");
    private static readonly Option<FileFormat?> Format = FileInputs.Format();
    private static readonly Option<bool> Restart = new("--restart") { Description = "Begin at the first line, whatever was sent before", Arity = ArgumentArity.Zero };

    public static Command Create()
    {
        var command = new DocumentedCommand("import", Description,
            "ilora items import items.tsv --format online-retail",
            "ilora items import movies.csv --format movielens --bootstrap broker1:9092") { File, Format, Restart, Report.JsonOption };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var file = parsed.GetRequiredValue(File);
        var items = ItemFile.Read(file.FullName, parsed.GetValue(Format) ?? FileFormats.OfName(file.Name)).ToList();
        var cluster = new Cluster(parsed);
        var kafka = await cluster.ReachTopicsAsync(topics => topics.Items);
        using var producer = cluster.Producer();
        var now = TimeProvider.System.GetUtcNow();
        var import = new FileImport(parsed, kafka, kafka.Topics.Items, file) { Restart = parsed.GetValue(Restart) };
        var line = new FileLine<ItemLine>(item => item.Line, item => item.Time ?? now, (sender, item, name) => SendAsync(sender, item, name, now));
        var report = await import.RunAsync("items", items, line, producer, cancellation);
        new Report(parsed).Write(report, done => new Text(done.Sentence));
        return ExitCode.Done;
    }

    private static Task SendAsync(EventProducer producer, ItemLine item, string import, DateTimeOffset now)
        => producer.ProduceAsync(producer.Topics.Items, item.Item, EventJson.Write(item.ToEvent()), new EventHeader($"{import}:{item.Line}", "ilora.item.v1", item.Time ?? now));
}
