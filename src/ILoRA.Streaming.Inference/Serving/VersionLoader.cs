using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Snapshots;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>
/// Loads announced versions and prepares them for serving. The first one determines the rank and the targets of the graph, which all later
/// ones share.
/// </summary>
public sealed class VersionLoader(
    SnapshotLoader snapshots, Ranker ranker, Backbone backbone, CatalogueFeed items, IOptions<InferenceOptions> options, WeightCache cache,
    TimeProvider time,
    ILogger<VersionLoader> logger) : IDisposable
{
    private readonly TitleTable titles = new(backbone);
    private const int ColdRankings = 40;
    private const int WarmRankings = 2;
    private const int WarmUpCount = 10;
    private static readonly TimeSpan MaxWarmUp = TimeSpan.FromSeconds(2);
    private BackboneSession? session;

    /// <summary>Loads, verifies and warms up a version.</summary>
    /// <exception cref="InvalidDataException">The version is refused; the message gives the reason.</exception>
    /// <exception cref="MissingPartException">A part is not in the store (yet).</exception>
    public async Task<ServedVersion> LoadAsync(AdapterManifest manifest, CancellationToken cancel)
    {
        var snapshot = await snapshots.LoadAsync(manifest, cancel);
        // Checked first, since the version can determine the shape of the graph.
        SnapshotFit.Require(snapshot, backbone);
        var rankings = session is null ? ColdRankings : WarmRankings;
        var catalogue = items.Catalogue;
        var version = ServedVersion.Prepare(manifest.Version, manifest.Line, snapshot, SessionFor(snapshot.Shape), titles, catalogue);
        // Warm-up: code is compiled and memory allocated before the first request.
        ItemId[] history = [.. Ranker.PopularList(version, catalogue, HistoryPrompt.MaxItems)];
        var begun = time.GetTimestamp();
        try
        {
            for (var i = 0; i < rankings && time.GetElapsedTime(begun) < MaxWarmUp; i++)
            {
                cancel.ThrowIfCancellationRequested();
                ranker.Rank(version, history, catalogue, WarmUpCount);
            }
            return version;
        }
        catch
        {
            version.Dispose();
            throw;
        }
    }

    private BackboneSession SessionFor(AdapterShape shape) =>
        session ??= BackboneSession.Open(backbone, GraphShape.Of(shape), options.Value.Precision, options.Value.Device,
            options.Value.Threads, logger, cache);

    public void Dispose() => session?.Dispose();
}
