using System.ComponentModel.DataAnnotations;

namespace ILoRA.Streaming.Inference.Weights;

/// <summary>Where converted weights are kept, and how many of them (section <c>Cache</c>).</summary>
public sealed class WeightCacheOptions
{
    public const string Section = "Cache";

    /// <summary>The folder; empty takes <c>$XDG_CACHE_HOME/ilora</c>, else <c>~/.cache/ilora</c>.</summary>
    public string Folder { get; set; } = "";

    /// <summary>How many GiB are kept at most; what was used longest ago goes first. With 0 nothing is kept.</summary>
    [Range(0, 1_000_000)]
    public double MaxGiB { get; set; } = 10;

    internal long MaxBytes => (long)(MaxGiB * (1L << 30));

    /// <summary>The folder that these options mean; null where none is given and the user has no home.</summary>
    public string? Place() => Folder.Length > 0 ? Path.GetFullPath(Folder)
        : OfUser(Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>By the XDG base directory specification, which has relative paths ignored.</summary>
    internal static string? OfUser(string? cache, string home) => cache is not null && Path.IsPathRooted(cache) ? Path.Combine(cache, "ilora")
        : home.Length > 0 ? Path.Combine(home, ".cache", "ilora") : null;
}
