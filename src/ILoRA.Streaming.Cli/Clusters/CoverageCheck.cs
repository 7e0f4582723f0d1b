using System.Globalization;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Envelopes;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>
/// Compares versions with the cluster's catalogue and its last clicks, and warns of those that know too little of either.
/// </summary>
internal sealed class CoverageCheck(Cluster cluster, TextWriter error)
{
    /// <summary>So many clicks show what is clicked, and are read in a second.</summary>
    private const int LastClicks = 10_000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Warns where <paramref name="items"/> are too few; returns the shares.</summary>
    public async Task<VersionCoverage> WarnAsync(string version, ItemTable items, CancellationToken cancellation)
    {
        return Warn(version, items, await ReadAsync(cancellation));
    }

    /// <summary>The same for announced versions; what cannot be read from the snapshot store is named and passed over.</summary>
    public async Task WarnAsync(IReadOnlyCollection<AdapterManifest> versions, CancellationToken cancellation)
    {
        if (versions.Count == 0)
            return;
        var seen = await ReadAsync(cancellation);
        if (seen.Catalogue.Count + seen.Clicked.Count == 0)
            return;
        foreach (var manifest in versions)
        {
            try
            {
                var bytes = await cluster.Snapshots().GetAsync(manifest.Parts[SnapshotParts.Encoder], cancellation);
                Warn(manifest.Key, EncoderPart.ReadItems(SafetensorsFile.Parse(bytes, manifest.Key)), seen);
            }
            catch (Exception failure) when (failure is InvalidDataException or MissingPartException or RedisException or TimeoutException
                or KeyNotFoundException)
            {
                var reason = failure.Message.ReplaceLineEndings(" ");
                await error.WriteLineAsync($"warning: {manifest.Key} could not be compared with the catalogue: {reason}");
            }
        }
    }

    /// <summary>
    /// Warns where most of the clicks that were sent are on items that the cluster's catalogue lacks, as where ids are of another kind.
    /// </summary>
    /// <param name="file">The file's name.</param>
    /// <param name="clicked">The number of clicks sent, by item.</param>
    /// <param name="cancellation">Cancels the reading of the catalogue.</param>
    public async Task WarnOfStrangersAsync(string file, IReadOnlyDictionary<string, long> clicked, CancellationToken cancellation)
    {
        if (clicked.Count == 0)
            return;
        using var reader = new TopicReader(cluster.Kafka);
        var catalogue = reader.Has(cluster.Kafka.Topics.Items) ? await CatalogueAsync(cancellation) : Catalogue.Empty;
        var strangers = clicked.Where(item => catalogue.PlaceOf(new ItemId(item.Key)) < 0).ToArray();
        var (strange, all) = (strangers.Sum(item => item.Value), clicked.Values.Sum());
        if (catalogue.Count > 0 && 2 * strange > all)
            await error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"warning: {strange:N0} of {all:N0} clicks of {file} are on items that {cluster.Kafka.Topics.Items} does not hold, such "
                    + $"as ")
                + $"'{strangers[0].Key}'; such clicks teach nothing until it does: are the ids those of the catalogue?");
    }

    private VersionCoverage Warn(string version, ItemTable items, Seen seen)
    {
        var coverage = VersionCoverage.Of(items, seen.Catalogue, seen.Clicked);
        if (coverage.Warning(version) is { } warning)
            error.WriteLine($"warning: {warning}");
        return coverage;
    }

    private async Task<Seen> ReadAsync(CancellationToken cancellation)
    {
        var format = cluster.Kafka.ClickFormat();
        using var reader = new TopicReader(cluster.Kafka);
        var catalogue = reader.Has(cluster.Kafka.Topics.Items) ? await CatalogueAsync(cancellation) : Catalogue.Empty;
        var clicks = await Steps.CountAsync(error, "last clicks", null, TimeProvider.System,
            progress => Task.Run(() => reader.ReadTail(cluster.Kafka.Topics.Clicks, LastClicks, progress, cancellation), cancellation));
        return new([.. catalogue.Entries.Where(entry => !entry.Deleted).Select(entry => entry.Item)],
            [.. clicks.Select(record => Parsed(format, record.Message.Value)).OfType<ClickEvent>().Select(click => click.Item).Distinct()]);
    }

    private async Task<Catalogue> CatalogueAsync(CancellationToken cancellation)
    {
        var logger = cluster.Logs.CreateLogger<CatalogueFeed>();
        using var feed = new CatalogueFeed(Options.Create(cluster.Kafka), cluster.Dependencies(), logger);
        await feed.StartAsync(cancellation);
        await Steps.CountAsync(error, "catalogue", null, TimeProvider.System, async progress =>
        {
            using var timer = new PeriodicTimer(Look, TimeProvider.System);
            do
                progress.Report(feed.Catalogue.Count);
            while (!feed.CaughtUp.IsCompleted && await timer.WaitForNextTickAsync(cancellation));
            return true;
        });
        await feed.StopAsync(cancellation);
        return feed.Catalogue;
    }

    /// <summary>Items of the catalogue and items of the last clicks, each once.</summary>
    private sealed record Seen(IReadOnlyCollection<ItemId> Catalogue, IReadOnlyCollection<ItemId> Clicked);

    // The ingest worker puts aside what cannot be read.
    private static ClickEvent? Parsed(RecordFormat format, byte[]? value)
    {
        try
        {
            return format.ReadEvent<ClickEvent>(value);
        }
        catch (PoisonException)
        {
            return null;
        }
    }
}
