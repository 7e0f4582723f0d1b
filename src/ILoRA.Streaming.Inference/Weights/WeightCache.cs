using System.Globalization;
using System.Text.RegularExpressions;
using ILoRA.Streaming.Model.Loading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Inference.Weights;

/// <summary>
/// A cache on disk of weights converted for serving, with one folder per backbone and precision, shared by all processes of a user. Its
/// size is limited: for a new entry the least recently used ones that no process uses are removed.
/// </summary>
public sealed partial class WeightCache(IOptions<WeightCacheOptions> options, TimeProvider time, ILogger<WeightCache> logger)
{
    // The version of the file layout, part of an entry's name; to be increased when the content or the order of the file changes.
    private const int Layout = 1;
    private bool warned;

    /// <summary>The user's default cache, without logging.</summary>
    public static WeightCache Default { get; } =
        new(Options.Create(new WeightCacheOptions()), TimeProvider.System, NullLogger<WeightCache>.Instance);

    /// <summary>The folder of the entries; null where the user has no home folder.</summary>
    public string? Folder { get; } = options.Value.Place();

    /// <summary>The maximum size of all entries in bytes.</summary>
    public long MaxBytes => options.Value.MaxBytes;

    /// <summary>All entries, least recently used first.</summary>
    public IReadOnlyList<CachedWeights> List()
    {
        if (!Directory.Exists(Folder))
            return [];
        return [.. Directory.GetDirectories(Folder).Where(folder => Key().IsMatch(Path.GetFileName(folder))).Select(Described)
            .OfType<CachedWeights>()
            .OrderBy(entry => entry.LastUsed).ThenBy(entry => entry.Key, StringComparer.Ordinal)];
    }

    /// <summary>Removes entries that no process has open.</summary>
    /// <param name="unusedFor">Only entries that were not used for this time are removed; null for all.</param>
    /// <returns>The removed entries.</returns>
    public IReadOnlyList<CachedWeights> Clear(TimeSpan? unusedFor = null)
    {
        var before = time.GetUtcNow() - (unusedFor ?? TimeSpan.Zero);
        return [.. List().Where(entry => unusedFor is null || entry.LastUsed <= before).Where(Remove)];
    }

    /// <summary>Opens or creates the entry of a backbone; null where the folder cannot be written, with a warning the first time.</summary>
    internal CacheEntry? Take(Backbone backbone, GraphPrecision precision)
    {
        if (Folder is null)
            return NotKept("the user has no home folder");
        try
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{backbone.Hash[..32]}-{precision}-{Layout}");
            return CacheEntry.Hold(Path.Combine(Folder, key), backbone.Name, time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return NotKept(error.Message);
        }
    }

    /// <summary>Removes other entries, least recently used first, until there is room for an entry of the given size.</summary>
    /// <returns>False where there is no room, because the entry is too large or the others are in use.</returns>
    internal bool MakeRoom(CacheEntry wanted, long bytes)
    {
        var others = List().Where(entry => entry.Key != Path.GetFileName(wanted.Folder)).ToList();
        var kept = others.Sum(entry => entry.Bytes);
        foreach (var oldest in others.TakeWhile(_ => kept + bytes > MaxBytes && bytes <= MaxBytes))
        {
            if (!Remove(oldest))
                continue;
            kept -= oldest.Bytes;
            WeightCacheLog.Removed(logger, oldest.Model, oldest.Key, oldest.Bytes / 1_000_000);
        }
        if (kept + bytes <= MaxBytes)
            return true;
        NotKept(string.Create(CultureInfo.InvariantCulture,
            $"{bytes / 1e6:0} MB beside {kept / 1e6:0} MB in use are more than Cache:MaxGiB allows, {options.Value.MaxGiB}"));
        return false;
    }

    internal void Kept(Backbone backbone, CacheEntry entry, long bytes) =>
        WeightCacheLog.Kept(logger, backbone.Name, entry.Folder, bytes / 1_000_000, List().Sum(other => other.Bytes) / 1_000_000,
            MaxBytes / 1_000_000);

    private bool Remove(CachedWeights entry) => CacheEntry.TryRemove(Path.Combine(Folder!, entry.Key));

    /// <summary>Warns, the first time, that converted weights are not kept.</summary>
    /// <returns>No entry.</returns>
    internal CacheEntry? NotKept(string reason)
    {
        if (!warned)
            WeightCacheLog.NotKept(logger, Folder ?? "a cache folder", reason);
        warned = true;
        return null;
    }

    // Null where another process removes the entry meanwhile.
    private static CachedWeights? Described(string folder)
    {
        try
        {
            return CacheEntry.Describe(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Other folders in the cache folder are not touched.
    [GeneratedRegex("^[0-9a-f]{32}-[A-Za-z]+-[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}
