using System.ComponentModel.DataAnnotations;

namespace ILoRA.Streaming.Inference.Weights;

/// <summary>Settings of the weight cache (section <c>Cache</c>).</summary>
public sealed class WeightCacheOptions
{
    public const string Section = "Cache";

    /// <summary>The folder; empty for <c>$XDG_CACHE_HOME/ilora</c>, else <c>~/.cache/ilora</c>.</summary>
    public string Folder { get; set; } = "";

    /// <summary>The maximum size in GiB; the least recently used entries are removed first. 0 disables the cache.</summary>
    [Range(0, 1_000_000)]
    public double MaxGiB { get; set; } = 10;

    internal long MaxBytes => (long)(MaxGiB * (1L << 30));

    /// <summary>The folder that is used; null where none is set and the user has no home folder.</summary>
    public string? Place() => Folder.Length > 0 ? Path.GetFullPath(Folder)
        : OfUser(Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>The user's cache folder by the XDG base directory specification, which requires relative paths to be ignored.</summary>
    internal static string? OfUser(string? cache, string home) =>
        cache is not null && Path.IsPathRooted(cache) ? Path.Combine(cache, "ilora")
        : home.Length > 0 ? Path.Combine(home, ".cache", "ilora") : null;
}
