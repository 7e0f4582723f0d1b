using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Inference.Weights;

/// <summary>The log messages of the weight cache.</summary>
internal static partial class WeightCacheLog
{
    [LoggerMessage(LogLevel.Information,
        "Converted weights of {Model} are kept in {Folder}: {Megabytes} MB; the cache holds {Total} MB of at most {Most} MB (`ilora "
        + "cache list`)")]
    public static partial void Kept(ILogger logger, string model, string folder, long megabytes, long total, long most);

    [LoggerMessage(LogLevel.Information, "Removed the converted weights of {Model} ({Key}, {Megabytes} MB), the least recently used")]
    public static partial void Removed(ILogger logger, string model, string key, long megabytes);

    [LoggerMessage(LogLevel.Warning,
        "Converted weights are not kept in {Folder}: {Reason}; each start converts them again, set another folder by Cache:Folder")]
    public static partial void NotKept(ILogger logger, string folder, string reason);
}
