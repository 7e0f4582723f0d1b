using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Adapters;

/// <summary>Where the bytes of snapshot parts rest, named by their sha256. Manifests that name them travel on Kafka.</summary>
public interface ISnapshotStore
{
    /// <summary>Stores the bytes if they are not there yet; when it ends they can be read by everyone.</summary>
    Task<SnapshotPart> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel);

    /// <summary>The part's bytes, checked against its size and sha256.</summary>
    /// <exception cref="InvalidDataException">The part is not there, lies in another kind of store, or is not what the manifest
    /// names.</exception>
    Task<byte[]> GetAsync(SnapshotPart part, CancellationToken cancel);

    /// <summary>Forgets a part that no manifest names any more; one that is not there is no error.</summary>
    Task DeleteAsync(SnapshotPart part, CancellationToken cancel);
}
