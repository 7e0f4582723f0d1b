using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Model.Loading;

namespace ILoRA.Streaming.Inference.Graphs;

/// <summary>
/// The file of a graph's large constants. Those of a real model are converted once and kept in the cache, so that the next start only maps them. Small
/// ones, and those that the cache cannot take, go to a temporary folder.
/// </summary>
internal sealed class GraphWeights : IDisposable
{
    public const string FileName = "weights.bin";

    /// <summary>Smaller constants stay inside the model; the others start on a page, as mapping wants it.</summary>
    public const int Page = 4096;

    private const long WorthKeeping = 64 << 20;

    private readonly Backbone backbone;
    private readonly WeightCache cache;
    private CacheEntry? entry;
    private string? temporary;
    private FileStream? file;

    private GraphWeights(Backbone backbone, GraphPrecision precision, WeightCache cache)
    {
        (this.backbone, this.cache) = (backbone, cache);
        entry = backbone.Summary.Parameters * sizeof(float) < WorthKeeping ? null : cache.Take(backbone, precision);
        if (entry is null)
            UseTemporary();
    }

    public string Folder => entry?.Folder ?? temporary!;

    public long Bytes { get; private set; }

    private string Path => System.IO.Path.Combine(Folder, FileName);

    public static GraphWeights Of(Backbone backbone, GraphPrecision precision, WeightCache cache) => new(backbone, precision, cache);

    /// <summary>Runs what places the constants; a second time, with writing, where the stored file is not theirs.</summary>
    /// <param name="build">Places every constant, always in the same order.</param>
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
        return Written(build);
    }

    /// <summary>The offset of the next constant.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="write">Writes it; not called where it is stored already.</param>
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

    /// <summary>The runtime has mapped the file: a temporary one is removed from its folder and stays until the runtime lets go.</summary>
    public void Mapped()
    {
        if (temporary is not null && Directory.Exists(temporary))
            Directory.Delete(temporary, recursive: true);
    }

    /// <summary>Lets go of the cache's entry, which may be removed from then on.</summary>
    public void Dispose()
    {
        file?.Dispose();
        Mapped();
        entry?.Dispose();
    }

    private void UseTemporary()
    {
        // An entry without weights would be listed for nothing.
        if (entry is { Folder: var unused })
        {
            entry.Dispose();
            CacheEntry.TryRemove(unused);
        }
        entry = null;
        temporary = Directory.CreateTempSubdirectory("ilora-graph-").FullName;
    }

    // Whole or not at all: under another name until it is complete.
    private byte[] Written(Func<byte[]> build)
    {
        Bytes = 0;
        var partial = entry?.NewPartial() ?? $"{Path}.part";
        try
        {
            byte[] model;
            using (file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                model = build();
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
