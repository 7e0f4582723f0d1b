using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Inference.Weights;

internal static partial class WeightCacheLog
{
    [LoggerMessage(LogLevel.Information, "Converted weights of {Model} are kept in {Folder}: {Megabytes} MB; the cache holds {Total} MB of at most {Most} MB (`ilora cache list`)")]
    public static partial void Kept(ILogger logger, string model, string folder, long megabytes, long total, long most);

    [LoggerMessage(LogLevel.Information, "Removed the converted weights of {Model} ({Key}, {Megabytes} MB): they were used longest ago")]
    public static partial void Removed(ILogger logger, string model, string key, long megabytes);

    [LoggerMessage(LogLevel.Warning, "Converted weights are not kept in {Folder}, each start converts them anew: {Reason}; name another folder with Cache:Folder")]
    public static partial void NotKept(ILogger logger, string folder, string reason);
}
