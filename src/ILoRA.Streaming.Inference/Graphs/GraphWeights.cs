using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Model.Loading;

namespace ILoRA.Streaming.Inference.Graphs;

/// <summary>
/// The file with a graph's large constants. A backbone of at least <see cref="MinCachedBytes"/> is converted once and kept in the weight
/// cache, so that the next start only maps the file. Smaller ones, and those that do not fit in the cache, go to a temporary folder.
/// </summary>
internal sealed class GraphWeights : IDisposable
{
    public const string FileName = "weights.bin";

    /// <summary>
    /// The alignment of constants in the file, as memory mapping requires it. Constants smaller than this stay inside the model.
    /// </summary>
    public const int Page = 4096;

    private const long MinCachedBytes = 64 << 20;

    private readonly Backbone backbone;
    private readonly WeightCache cache;
    private CacheEntry? entry;
    private string? temporary;
    private FileStream? file;

    private GraphWeights(Backbone backbone, GraphPrecision precision, WeightCache cache)
    {
        (this.backbone, this.cache) = (backbone, cache);
        entry = backbone.Summary.Parameters * sizeof(float) < MinCachedBytes ? null : cache.Take(backbone, precision);
        if (entry is null)
            UseTemporary();
    }

    /// <summary>The folder of the file.</summary>
    public string Folder => entry?.Folder ?? temporary!;

    /// <summary>The size of the file in bytes.</summary>
    public long Bytes { get; private set; }

    private string Path => System.IO.Path.Combine(Folder, FileName);

    /// <summary>The weights of a backbone, from the cache where possible.</summary>
    public static GraphWeights Of(Backbone backbone, GraphPrecision precision, WeightCache cache) => new(backbone, precision, cache);

    /// <summary>
    /// Builds the model, and writes the file unless the cache has it already: then the model is built twice, the second time with writing.
    /// </summary>
    /// <param name="build">Builds the model, placing all constants in the same order each time.</param>
    /// <returns>The bytes of the model.</returns>
    public byte[] Complete(Func<byte[]> build)
    {
        if (entry is not null)
        {
            var model = build();
            if (new FileInfo(Path) is { Exists: true } stored && stored.Length == Bytes)
                return model;
            if (!cache.MakeRoom(entry, Bytes))
                UseTemporary();
        }
        try
        {
            return Written(build);
        }
        catch (IOException full) when (entry is not null)
        {
            cache.NotKept(full.Message);
            UseTemporary();
            return Written(build);
        }
    }

    /// <summary>Places the next constant in the file.</summary>
    /// <param name="bytes">The size of the constant.</param>
    /// <param name="write">Writes the constant; not called where the file exists already.</param>
    /// <returns>The offset of the constant in the file.</returns>
    public long Place(long bytes, Action<Stream> write)
    {
        var offset = (Bytes + Page - 1) / Page * Page;
        if (file is not null)
        {
            file.Position = offset;
            write(file);
        }
        Bytes = offset + bytes;
        return offset;
    }

    /// <summary>
    /// Removes a temporary folder. To be called once the runtime has mapped the file; the mapping stays valid after that.
    /// </summary>
    public void RemoveTemporary()
    {
        if (temporary is not null && Directory.Exists(temporary))
            Directory.Delete(temporary, recursive: true);
    }

    /// <summary>Releases the cache entry, so that it can be removed.</summary>
    public void Dispose()
    {
        file?.Dispose();
        RemoveTemporary();
        entry?.Dispose();
    }

    private void UseTemporary()
    {
        // Without weights the entry must not stay in the cache.
        if (entry is { Folder: var unused })
        {
            entry.Dispose();
            CacheEntry.TryRemove(unused);
        }
        entry = null;
        temporary = Directory.CreateTempSubdirectory("ilora-graph-").FullName;
    }

    // The file is written under another name and renamed when complete, so that no process maps an incomplete one.
    private byte[] Written(Func<byte[]> build)
    {
        Bytes = 0;
        var partial = entry?.NewPartial() ?? $"{Path}.part";
        try
        {
            byte[] model;
            using (file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                model = build();
                // Later starts look at the length alone: after a power failure a file may have its length and no content.
                if (entry is not null)
                    file.Flush(flushToDisk: true);
            }
            File.Move(partial, Path, overwrite: true);
            if (entry is not null)
                cache.Kept(backbone, entry, Bytes);
            return model;
        }
        finally
        {
            file = null;
            File.Delete(partial);
        }
    }
}
