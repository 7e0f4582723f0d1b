using System.CommandLine;
using System.Globalization;
using Confluent.Kafka;
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

namespace ILoRA.Streaming.Cli.Commands.Items;

/// <summary><c>ilora items import</c></summary>
internal static class ItemsImport
{
    private const string Description = """
        Send a file's items to the items topic, keyed by item, so that the newest title of each stays.

        The whole file is checked before anything is sent, and its first rows are shown as they are understood. The import resumes: how many
        items were delivered is kept in the cluster, as the committed offset of a consumer group named after the file, how it is read and a
        hash of its content; a file that was changed begins again, and so does --restart.
        """;

    private static readonly Argument<FileInfo> File = FileInputs.File("The items; may be packed (.gz)");
    private static readonly FileReadingOptions Reading = FileReadingOptions.OfItems();
    private static readonly Option<bool> Restart =
        new("--restart") { Description = "Begin at the first line, whatever was sent before", Arity = ArgumentArity.Zero };

    public static Command Create()
    {
        var command = new DocumentedCommand("import", Description,
            "ilora items import items.tsv --format online-retail",
            "ilora items import movies.csv --format movielens --bootstrap broker1:9092") { File, Restart, Report.JsonOption };
        Reading.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var file = parsed.GetRequiredValue(File);
        var contents = ItemFile.Open(file.FullName, Reading.Of(parsed, cancellation));
        FileNotes.Write(parsed.InvocationConfiguration.Error, file.Name, contents);
        var now = TimeProvider.System.GetUtcNow();
        // The id of an untitled item would take the place of the title that it may have on the topic.
        var items = contents.Lines.Where(item => item.IsNews).ToList();
        var lines =
            new ImportLines<ItemLine>(items, items, item => item.Line, item => item.Time ?? now, contents.Layout.Signature, cancellation)
            {
                IdOf = item => LineId.Of(file.Name, item),
            };
        FilePreview.Write(parsed.InvocationConfiguration.Error, file.Name, contents.Layout, lines.First);
        var cluster = new Cluster(parsed);
        var kafka = await cluster.ReachTopicsAsync(topics => topics.Items);
        using var producer = cluster.Producer();
        var import = new FileImport(parsed, kafka, kafka.Topics.Items, contents.Extent) { Restart = parsed.GetValue(Restart) };
        var report = await import.RunAsync("items", lines, item => SendAsync(producer, item, file.Name, now), cancellation);
        new Report(parsed).Write(report, done => new Text(done.Sentence));
        return ExitCode.Done;
    }

    private static async Task SendAsync(EventProducer producer, ItemLine item, string file, DateTimeOffset now)
    {
        var (header, value) = (new EventHeader(LineId.Of(file, item), "ilora.item.v1", item.Time ?? now), EventJson.Write(item.ToEvent()));
        try
        {
            await producer.ProduceAsync(producer.Topics.Items, item.Item, value, header);
        }
        catch (KafkaException refused) when (refused.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            throw new InvalidDataException(TooLarge(file, item, value.Length), refused);
        }
    }

    private static string TooLarge(string file, ItemLine item, int bytes) => string.Create(CultureInfo.InvariantCulture,
        $"{file}:{item.Line}: item '{item.Item}' is an event of {bytes:N0} bytes, more than the producer (message.max.bytes) or the topic ")
        + "(max.message.bytes) takes; shorten its attributes. Items after it may have been sent: import the file again once it is mended.";
}
