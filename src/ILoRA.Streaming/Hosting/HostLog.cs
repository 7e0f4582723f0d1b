using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Hosting;

internal static partial class HostLog
{
    [LoggerMessage(LogLevel.Warning, "A dependency is down (attempt {Attempt}, next in {Seconds:F1} s): {Reason}")]
    public static partial void Retry(ILogger logger, int attempt, double seconds, string reason);

    [LoggerMessage(LogLevel.Information, "{Worker} {Version} starts: Kafka {Bootstrap}, Redis {Redis}, health on {Endpoint}")]
    public static partial void Starts(ILogger logger, string worker, string version, string bootstrap, string redis, string endpoint);
}
