using System.Text;

namespace ILoRA.Streaming.Inference.Weights;

/// <summary>
/// The folder of one converted backbone. Who uses it holds a shared lock on the name file beside it, whose time is that of the last use; who removes it takes the
/// lock alone. The name file stays, since a lock on a removed file would keep nobody out. The system lets go of the locks of a process that was killed.
/// </summary>
internal sealed class CacheEntry : IDisposable
{
    private const string NameExtension = ".model", Partial = ".part";
    private static readonly TimeSpan RemovalTakes = TimeSpan.FromSeconds(2);

    private readonly FileStream hold;
    private readonly TimeProvider time;

    private CacheEntry(string folder, FileStream hold, TimeProvider time) => (Folder, this.hold, this.time) = (folder, hold, time);

    public string Folder { get; }

    /// <summary>A name for a file that is under way; nobody else has it.</summary>
    public string NewPartial() => Path.Combine(Folder, $"{Guid.NewGuid():n}{Partial}");

    /// <summary>Makes the entry where it is not there.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static CacheEntry Hold(string folder, string model, TimeProvider time)
    {
        FileStream? held = null;
        IOException? failure = null;
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        RemoveAbandoned(folder);
        // Fails only where another process is about to remove the entry, which is soon over.
        if (!SpinWait.SpinUntil(() => (held = TryHold(folder, ref failure)) is not null, RemovalTakes))
            throw failure!;
        Directory.CreateDirectory(folder);
        if (held!.Length == 0)
            held.Write(Encoding.UTF8.GetBytes(model));
        held.Flush();
        var entry = new CacheEntry(folder, held, time);
        entry.Touch();
        return entry;
    }

    public static CachedWeights Describe(string folder)
    {
        var name = new FileInfo(folder + NameExtension);
        var files = new DirectoryInfo(folder).GetFiles();
        var lastUsed = name.Exists ? name.LastWriteTimeUtc : Directory.GetLastWriteTimeUtc(folder);
        return new(Path.GetFileName(folder), name.Exists ? File.ReadAllText(name.FullName) : "", files.Sum(file => file.Length), lastUsed, name.Exists && !IsFree(name.FullName));
    }

    /// <returns>False where a process has it open, or it may not be removed.</returns>
    public static bool TryRemove(string folder)
    {
        try
        {
            using var alone = Alone(folder + NameExtension, FileMode.OpenOrCreate);
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        Touch();
        hold.Dispose();
    }

    /// <summary>Removes what processes left that were killed while they wrote: nobody writes who does not hold the entry.</summary>
    private static void RemoveAbandoned(string folder)
    {
        try
        {
            if (!Directory.Exists(folder) || Directory.GetFiles(folder, $"*{Partial}") is not [_, ..] partials)
                return;
            using var alone = Alone(folder + NameExtension, FileMode.OpenOrCreate);
            Array.ForEach(partials, File.Delete);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody has the entry: the next one to take it alone removes them.
        }
    }

    private static FileStream? TryHold(string folder, ref IOException? failure)
    {
        try
        {
            return new FileStream(folder + NameExtension, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (IOException error)
        {
            failure = error;
            return null;
        }
    }

    private static bool IsFree(string path)
    {
        try
        {
            using var alone = Alone(path, FileMode.Open);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static FileStream Alone(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, FileShare.None);

    private void Touch() => File.SetLastWriteTimeUtc(hold.SafeFileHandle, time.GetUtcNow().UtcDateTime);
}
