using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Commands.Fit;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Cli.Benching;

/// <summary>The backbone, snapshot, catalogue and clicks that the model benches work on.</summary>
internal sealed class ModelInputs
{
    private readonly FitInputs files = new();
    private readonly BackboneInput backbone = new();
    private readonly Option<DirectoryInfo> adapter =
        new Option<DirectoryInfo>("--adapter")
        {
            Description = "What 'fit adapter' wrote",
            HelpName = "DIR",
            Required = true
        }.AcceptExistingOnly();

    public void AddTo(Command command)
    {
        backbone.AddTo(command);
        command.Add(adapter);
        files.AddTo(command);
    }

    public Backbone Backbone(ParseResult parsed) => backbone.Load(parsed);

    public Snapshot Snapshot(ParseResult parsed) => SnapshotFolder.Load(parsed.GetRequiredValue(adapter).FullName);

    public string Device(ParseResult parsed) => parsed.GetRequiredValue(files.Device);

    public int Seed(ParseResult parsed) => parsed.GetValue(files.Seed);

    public IReadOnlyList<ItemLine> Items(ParseResult parsed, CancellationToken stop) => files.Items.Read(parsed, stop);

    public static Catalogue Catalogue(IReadOnlyList<ItemLine> items)
    {
        var builder = new CatalogueBuilder();
        foreach (var item in items)
            builder.Apply(item.ToEvent());
        return builder.Current;
    }

    /// <summary>The newest <paramref name="count"/> samples of the clicks.</summary>
    public IReadOnlyList<Sample> Samples(ParseResult parsed, IReadOnlyList<ItemLine> items, int count, CancellationToken stop)
    {
        var fold = new SequenceFold();
        return [.. files.ReadClicks(parsed, [.. items.Select(item => item.Item)], stop).Select(click => fold.Click(click.User, click.Item))
            .OfType<Sample>().TakeLast(count)];
    }
}
