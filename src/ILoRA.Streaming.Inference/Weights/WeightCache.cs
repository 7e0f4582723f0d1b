using System.Globalization;
using System.Text.RegularExpressions;
using ILoRA.Streaming.Model.Loading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Inference.Weights;

/// <summary>
/// The weights that serving converted, one folder a backbone and precision, shared by all processes of a user. Bounded: a new entry makes the others go that were used
/// longest ago, never one that is in use.
/// </summary>
public sealed partial class WeightCache(IOptions<WeightCacheOptions> options, TimeProvider time, ILogger<WeightCache> logger)
{
    // Part of an entry's name: a change of what is written, or in what order, makes it another.
    private const int Layout = 1;
    private bool warned;

    /// <summary>The user's own, without a log.</summary>
    public static WeightCache Default { get; } = new(Options.Create(new WeightCacheOptions()), TimeProvider.System, NullLogger<WeightCache>.Instance);

    /// <summary>Where the entries are; null where nothing can be kept.</summary>
    public string? Folder { get; } = options.Value.Place();

    /// <summary>How much is kept at most.</summary>
    public long MaxBytes => options.Value.MaxBytes;

    /// <summary>All entries, what was used longest ago first.</summary>
    public IReadOnlyList<CachedWeights> List()
    {
        if (!Directory.Exists(Folder))
            return [];
        return [.. Directory.GetDirectories(Folder).Where(folder => Key().IsMatch(Path.GetFileName(folder))).Select(Described).OfType<CachedWeights>()
            .OrderBy(entry => entry.LastUsed).ThenBy(entry => entry.Key, StringComparer.Ordinal)];
    }

    /// <summary>Removes the entries that no process has open.</summary>
    /// <param name="unusedFor">Only those that were not used for so long; null takes all.</param>
    /// <returns>What was removed.</returns>
    public IReadOnlyList<CachedWeights> Clear(TimeSpan? unusedFor = null)
    {
        var before = time.GetUtcNow() - (unusedFor ?? TimeSpan.Zero);
        return [.. List().Where(entry => unusedFor is null || entry.LastUsed <= before).Where(Remove)];
    }

    /// <summary>The entry of a backbone, made where it is not there; null where the folder cannot be written, of which the first time warns.</summary>
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

    /// <summary>Removes other entries until so many bytes fit beside the rest.</summary>
    /// <returns>False where they do not fit: they are too many, or what is there is in use.</returns>
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
        NotKept(string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB beside {kept / 1e6:0} MB in use are more than Cache:MaxGiB allows, {options.Value.MaxGiB}"));
        return false;
    }

    internal void Kept(Backbone backbone, CacheEntry entry, long bytes) =>
        WeightCacheLog.Kept(logger, backbone.Name, entry.Folder, bytes / 1_000_000, List().Sum(other => other.Bytes) / 1_000_000, MaxBytes / 1_000_000);

    private bool Remove(CachedWeights entry) => CacheEntry.TryRemove(Path.Combine(Folder!, entry.Key));

    private CacheEntry? NotKept(string reason)
    {
        if (!warned)
            WeightCacheLog.NotKept(logger, Folder ?? "a cache folder", reason);
        warned = true;
        return null;
    }

    // Null where another process is removing it.
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

    // A folder that holds other things too is left as it is.
    [GeneratedRegex("^[0-9a-f]{32}-[A-Za-z]+-[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}
