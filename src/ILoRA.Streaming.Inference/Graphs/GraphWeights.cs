using System.Globalization;
using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Inference.Graphs;

/// <summary>
/// The file of a graph's large constants. Those of a real model are converted once and kept next to it, under its content hash, so that the next
/// start only maps them; where that folder cannot be written, in the user's own data folder. Small ones go to a temporary folder.
/// </summary>
internal sealed class GraphWeights : IDisposable
{
    public const string FileName = "weights.bin";

    /// <summary>Smaller constants stay inside the model; the others start on a page, as mapping wants it.</summary>
    public const int Page = 4096;

    // Part of the folder's name: a change of what is written, or in what order, makes it another.
    private const int Layout = 1;
    private const long WorthKeeping = 64 << 20;

    private readonly bool temporary;
    private FileStream? file;

    private GraphWeights(string folder, bool temporary) => (Folder, this.temporary) = (folder, temporary);

    public string Folder { get; }

    public long Bytes { get; private set; }

    private string Path => System.IO.Path.Combine(Folder, FileName);

    public static GraphWeights Of(Backbone backbone, GraphPrecision precision)
    {
        if (backbone.Summary.Parameters * sizeof(float) < WorthKeeping)
            return Temporary();
        var name = string.Create(CultureInfo.InvariantCulture, $"{backbone.Hash[..32]}-{precision}-{Layout}");
        string[] places = [System.IO.Path.Combine(backbone.Folder, ".ilora"), System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "ilora")];
        var stored = places.Select(place => System.IO.Path.Combine(place, name)).FirstOrDefault(place => File.Exists(System.IO.Path.Combine(place, FileName)));
        return stored is not null ? new GraphWeights(stored, false) : places.Select(place => Made(place, name)).FirstOrDefault(made => made is not null) ?? Temporary();
    }

    /// <summary>Runs what places the constants; a second time, with writing, where the stored file is not theirs.</summary>
    /// <param name="build">Places every constant, always in the same order.</param>
    public byte[] Complete(Func<byte[]> build)
    {
        if (new FileInfo(Path) is { Exists: true } stored)
        {
            var model = build();
            if (stored.Length == Bytes)
                return model;
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

    public void Dispose()
    {
        file?.Dispose();
        // What the runtime has mapped stays until it lets go.
        if (temporary)
            Directory.Delete(Folder, recursive: true);
    }

    // Whole or not at all: under another name until it is complete.
    private byte[] Written(Func<byte[]> build)
    {
        Bytes = 0;
        var partial = System.IO.Path.Combine(Folder, $"{Guid.NewGuid():n}.part");
        try
        {
            byte[] model;
            using (file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write))
                model = build();
            File.Move(partial, Path, overwrite: true);
            return model;
        }
        finally
        {
            file = null;
            File.Delete(partial);
        }
    }

    private static GraphWeights Temporary() => new(Directory.CreateTempSubdirectory("ilora-graph-").FullName, true);

    // Null where it cannot be written. A folder without the write bit is left alone by root too.
    private static GraphWeights? Made(string place, string name)
    {
        var above = System.IO.Path.GetDirectoryName(place);
        if (!System.IO.Path.IsPathRooted(place) || !OperatingSystem.IsWindows() && Directory.Exists(above) && !File.GetUnixFileMode(above).HasFlag(UnixFileMode.UserWrite))
            return null;
        try
        {
            return new GraphWeights(Directory.CreateDirectory(System.IO.Path.Combine(place, name)).FullName, false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
