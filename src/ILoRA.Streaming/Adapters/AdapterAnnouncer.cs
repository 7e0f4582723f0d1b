using System.Diagnostics;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Redis;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Adapters;

/// <summary>
/// Publishes versions: first the bytes into the store, then the manifest on Kafka, so that nobody hears of what cannot be read.
/// </summary>
public sealed class AdapterAnnouncer(ISnapshotStore store, EventProducer producer, DependencyRetry retry, TimeProvider time,
    ILogger<AdapterAnnouncer> logger)
{
    /// <returns>The manifest, once the brokers have it.</returns>
    /// <exception cref="InvalidDataException">It cannot be read back, as one that holds NaN; nothing was stored or announced.</exception>
    public async Task<AdapterManifest> PublishAsync(Snapshot snapshot, AdapterRelease release, CancellationToken cancel)
    {
        var written = SnapshotParts.Write(snapshot);
        RequireReadable(written, release);
        var parts = new Dictionary<string, SnapshotPart>(StringComparer.Ordinal);
        foreach (var (name, bytes) in written)
            parts[name] = await retry.RunAsync(token => store.PutAsync(bytes, token), cancel);
        var manifest = Manifest(snapshot, release, parts);
        await SendAsync(manifest, EventJson.Write(manifest), cancel);
        AdapterLog.Published(logger, manifest.Version, manifest.Line, parts.Values.Sum(part => part.Bytes), parts.Count);
        return manifest;
    }

    /// <summary>
    /// Takes versions back: their manifests are erased, then the parts that no other manifest of <paramref name="registry"/> names.
    /// </summary>
    public async Task RetireAsync(AdapterRegistry registry, IReadOnlyCollection<AdapterManifest> retired, CancellationToken cancel)
    {
        foreach (var manifest in retired)
        {
            await SendAsync(manifest, value: null, cancel);
            AdapterLog.Retired(logger, manifest.Version, manifest.Line);
        }
        foreach (var part in registry.Unreferenced(retired))
            await retry.RunAsync(token => store.DeleteAsync(part, token), cancel);
    }

    /// <summary>Every process that hears of a version loads it, and would refuse this one.</summary>
    private static void RequireReadable(IReadOnlyDictionary<string, byte[]> written, AdapterRelease release)
    {
        try
        {
            SnapshotParts.Read(written.ToDictionary(part => part.Key, part => (ReadOnlyMemory<byte>)part.Value, StringComparer.Ordinal));
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException(
                $"Version {release.Version} of line {release.Line} is not published, since no worker could load it: {wrong.Message} "
                + "Train on from an earlier version or checkpoint.", wrong);
        }
    }

    private AdapterManifest Manifest(Snapshot snapshot, AdapterRelease release, Dictionary<string, SnapshotPart> parts) => new()
    {
        Version = release.Version,
        Line = release.Line,
        Parts = parts,
        Parent = release.Parent,
        Created = time.GetUtcNow(),
        Backbone = snapshot.Backbone,
        Shape = ManifestShape.Of(snapshot.Shape),
        Offsets = release.Offsets,
        Events = release.Events,
        Metrics = release.Metrics,
        Tags = release.Tags,
        Note = release.Note,
    };

    private Task SendAsync(AdapterManifest manifest, byte[]? value, CancellationToken cancel)
    {
        var header = new EventHeader(manifest.Key, AdapterManifest.EventType, time.GetUtcNow(), Activity.Current?.Id);
        return producer.ProduceAsync(producer.Topics.Adapters, manifest.Key, value, header, cancel);
    }
}
