using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Inference.Serving;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Cli.Benching;

/// <summary>Ranks the catalogue for real histories as the inference worker does, without Kafka.</summary>
internal sealed class ServeWork : IDisposable
{
    private readonly BackboneSession session;
    private readonly ServedVersion version;
    private readonly Catalogue catalogue;
    private readonly Ranker ranker;
    private readonly InferenceOptions options;

    public ServeWork(Backbone backbone, Snapshot snapshot, Catalogue catalogue, InferenceOptions options, ILogger logger, WeightCache cache)
    {
        SnapshotFit.Require(snapshot, backbone);
        (this.catalogue, this.options) = (catalogue, options);
        session =
            BackboneSession.Open(backbone, GraphShape.Of(snapshot.Shape), GraphPrecision.Fast, options.Device, options.Threads, logger,
                cache);
        version =
            ServedVersion.Prepare(new AdapterVersion("bench"), new LineName("bench"), snapshot, session, new TitleTable(backbone),
                catalogue);
        ranker = new Ranker(options.Limits);
    }

    /// <returns>Milliseconds of each ranking, and rankings a second over all.</returns>
    public (double[] Milliseconds, double PerSecond) Run(IReadOnlyList<IReadOnlyList<ItemId>> histories, CancellationToken cancellation)
    {
        var milliseconds = new double[histories.Count];
        var started = TimeProvider.System.GetTimestamp();
        Parallel.For(0, histories.Count,
            new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellation }, index =>
        {
            var begun = TimeProvider.System.GetTimestamp();
            ranker.Rank(version, histories[index], catalogue, options.TopK);
            milliseconds[index] = TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds;
        });
        return (milliseconds, histories.Count / TimeProvider.System.GetElapsedTime(started).TotalSeconds);
    }

    public void Dispose()
    {
        version.Dispose();
        session.Dispose();
    }
}
