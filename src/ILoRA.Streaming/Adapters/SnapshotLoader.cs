using ILoRA.Streaming.Events;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Redis;

namespace ILoRA.Streaming.Adapters;

/// <summary>Loads what a manifest names, or says why it is refused; a server that is down is waited for.</summary>
public sealed class SnapshotLoader(ISnapshotStore store, DependencyRetry retry)
{
    /// <exception cref="InvalidDataException">
    /// The version is refused: a part has another size or sha256, holds NaN, has a wrong shape, or is not of the
    /// manifest's backbone or shape.
    /// </exception>
    /// <exception cref="MissingPartException">A part is not in the store, or not yet.</exception>
    public async Task<Snapshot> LoadAsync(AdapterManifest manifest, CancellationToken cancel)
    {
        try
        {
            var names = manifest.Parts.Keys.ToArray();
            var contents =
                await Task.WhenAll(names.Select(name => retry.RunAsync(token => store.GetAsync(manifest.Parts[name], token), cancel)));
            var parts =
                names.Zip(contents).ToDictionary(part => part.First, part => (ReadOnlyMemory<byte>)part.Second, StringComparer.Ordinal);
            var snapshot = SnapshotParts.Read(parts);
            RequireAsAnnounced(snapshot, manifest);
            return snapshot;
        }
        catch (InvalidDataException refusal)
        {
            throw new InvalidDataException($"Version {manifest.Version} of line {manifest.Line} is refused: {refusal.Message}", refusal);
        }
        catch (MissingPartException missing)
        {
            throw new MissingPartException($"Version {manifest.Version} of line {manifest.Line} is not complete: {missing.Message}",
                missing);
        }
    }

    private static void RequireAsAnnounced(Snapshot snapshot, AdapterManifest manifest)
    {
        if (snapshot.Backbone != manifest.Backbone)
            throw new InvalidDataException(
                $"its parts were trained on backbone {snapshot.Backbone}, the manifest says {manifest.Backbone}.");
        var (said, holds) = (manifest.Shape, ManifestShape.Of(snapshot.Shape));
        if (said.Experts != holds.Experts || said.Rank != holds.Rank || !said.Targets.SequenceEqual(holds.Targets))
            throw new InvalidDataException($"its parts hold {holds}, the manifest says {said}.");
    }
}
