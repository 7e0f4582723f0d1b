using System.CommandLine;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Cli.Commands.Adapters;

/// <summary>
/// Snapshots by the names that users give: a folder is read as it is, anything else is looked up on the cluster, whose registry is read
/// once and only when it is needed.
/// </summary>
internal sealed class GivenVersions
{
    private readonly CancellationToken cancellation;
    private readonly Lazy<AdapterRegistry> registry;
    private readonly Lazy<SnapshotLoader> loader;

    public GivenVersions(ParseResult parsed, CancellationToken cancellation)
    {
        this.cancellation = cancellation;
        var cluster = new Cluster(parsed);
        registry = new(() => Registries.Adapters(cluster.ReachKafka(), parsed.InvocationConfiguration.Error, cancellation));
        loader = new(() => new SnapshotLoader(cluster.Snapshots(), cluster.Retry()));
    }

    /// <exception cref="InvalidDataException">The version is refused.</exception>
    /// <exception cref="MissingPartException">A part of it is not in the store.</exception>
    public async Task<Snapshot> LoadAsync(string name) => Directory.Exists(name)
        ? SnapshotFolder.Load(name)
        : await loader.Value.LoadAsync(VersionArgument.Find(registry.Value, name), cancellation);
}
