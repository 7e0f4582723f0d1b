using System.Text;

namespace ILoRA.Streaming.Inference.Weights;

/// <summary>
/// The folder of one converted backbone in the weight cache, held by this process. Processes that use the entry hold a shared lock on the
/// name file next to the folder; removal needs the exclusive lock. The name file's modification time is the time of the last use. The name
/// file is never removed, since locks on a removed file have no effect. The operating system releases the locks of a killed process.
/// </summary>
internal sealed class CacheEntry : IDisposable
{
    private const string NameExtension = ".model", Partial = ".part";
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(2);

    private readonly FileStream hold;
    private readonly TimeProvider time;

    private CacheEntry(string folder, FileStream hold, TimeProvider time) => (Folder, this.hold, this.time) = (folder, hold, time);

    public string Folder { get; }

    /// <summary>A unique path for a file that is not complete yet.</summary>
    public string NewPartial() => Path.Combine(Folder, $"{Guid.NewGuid():n}{Partial}");

    /// <summary>Opens the entry with a shared lock; creates it where it does not exist.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static CacheEntry Hold(string folder, string model, TimeProvider time)
    {
        FileStream? held = null;
        IOException? failure = null;
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        RemoveAbandoned(folder);
        // Fails only while another process removes the entry, which takes little time.
        if (!SpinWait.SpinUntil(() => (held = TryHold(folder, ref failure)) is not null, LockTimeout))
            throw failure!;
        Directory.CreateDirectory(folder);
        if (held!.Length == 0)
            held.Write(Encoding.UTF8.GetBytes(model));
        held.Flush();
        var entry = new CacheEntry(folder, held, time);
        entry.Touch();
        return entry;
    }

    /// <summary>Reads an entry's description.</summary>
    public static CachedWeights Describe(string folder)
    {
        var name = new FileInfo(folder + NameExtension);
        var files = new DirectoryInfo(folder).GetFiles();
        var lastUsed = name.Exists ? name.LastWriteTimeUtc : Directory.GetLastWriteTimeUtc(folder);
        return new(Path.GetFileName(folder), name.Exists ? File.ReadAllText(name.FullName) : "", files.Sum(file => file.Length), lastUsed,
            name.Exists && !IsFree(name.FullName));
    }

    /// <summary>Removes an entry.</summary>
    /// <returns>False where a process uses it, or where access is denied.</returns>
    public static bool TryRemove(string folder)
    {
        try
        {
            using var exclusive = OpenExclusive(folder + NameExtension, FileMode.OpenOrCreate);
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

    /// <summary>Removes incomplete files of killed processes. With the exclusive lock, no process is writing.</summary>
    private static void RemoveAbandoned(string folder)
    {
        try
        {
            if (!Directory.Exists(folder) || Directory.GetFiles(folder, $"*{Partial}") is not [_, ..] partials)
                return;
            using var exclusive = OpenExclusive(folder + NameExtension, FileMode.OpenOrCreate);
            Array.ForEach(partials, File.Delete);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process uses the entry; the files are removed when the exclusive lock is next available.
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
            // For reading, so that the answer is right on a read-only file system too.
            using var exclusive = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static FileStream OpenExclusive(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, FileShare.None);

    private void Touch() => File.SetLastWriteTimeUtc(hold.SafeFileHandle, time.GetUtcNow().UtcDateTime);
}
