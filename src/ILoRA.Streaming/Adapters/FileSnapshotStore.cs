using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Adapters;

/// <summary>Parts as files <c>ab/abcdef...</c> under one folder, which all workers must see.</summary>
public sealed class FileSnapshotStore(string folder) : ISnapshotStore
{
    private const string Scheme = "file";

    public async Task<SnapshotPart> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var part = PartContent.Describe(bytes, Scheme);
        var path = PathOf(part);
        if (new FileInfo(path) is { Exists: true } file && file.Length == part.Bytes)
            return part;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Written beside and renamed, so that a reader sees the whole file or none.
        var beside = $"{path}.{Guid.NewGuid():N}.part";
        await using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
        {
            await stream.WriteAsync(bytes, cancel);
            stream.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
        return part;
    }

    public async Task<byte[]> GetAsync(SnapshotPart part, CancellationToken cancel)
    {
        PartContent.RequireScheme(part, Scheme);
        var path = PathOf(part);
        if (!File.Exists(path))
            throw PartContent.Missing(part, folder);
        return PartContent.Verified(part, await File.ReadAllBytesAsync(path, cancel));
    }

    public Task DeleteAsync(SnapshotPart part, CancellationToken cancel)
    {
        PartContent.RequireScheme(part, Scheme);
        if (File.Exists(PathOf(part)))
            File.Delete(PathOf(part));
        return Task.CompletedTask;
    }

    // By the hash alone, which the reader of manifests has checked to be hexadecimal: a location never leads out of the folder.
    private string PathOf(SnapshotPart part) => Path.Combine(folder, part.Sha256[..2], part.Sha256);
}
