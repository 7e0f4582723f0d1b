using System.CommandLine;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Inference.Weights;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Cli.Commands.Cache;

/// <summary><c>ilora cache</c></summary>
internal static class CacheCommand
{
    private static readonly Option<DirectoryInfo?> Folder =
        NoFile(new("--folder")
        {
            Description = "The cache's folder (else Cache:Folder, $XDG_CACHE_HOME/ilora or ~/.cache/ilora)",
            HelpName = "DIR"
        });

    public static Command Create() =>
        new("cache",
            "The converted weights that serving and scoring keep for their next start") { CacheList.Create(Folder),
                CacheClear.Create(Folder) };

    /// <summary>A folder that is missing is an empty cache; a file is a mistake.</summary>
    private static Option<DirectoryInfo?> NoFile(Option<DirectoryInfo?> folder)
    {
        folder.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && File.Exists(token.Value))
                result.AddError($"{folder.Name}: '{token.Value}' is a file; give the folder of the cache");
        });
        return folder;
    }

    public static WeightCache Open(ParseResult parsed)
    {
        if (parsed.GetValue(Folder) is not { } folder)
            return new Cluster(parsed).Weights();
        return new WeightCache(Options.Create(new WeightCacheOptions { Folder = folder.FullName }), TimeProvider.System,
            NullLogger<WeightCache>.Instance);
    }
}
