using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Hosting;

internal static partial class HostLog
{
    [LoggerMessage(LogLevel.Information, "{Worker} {Version} starts: Kafka {Bootstrap}, Redis {Redis}, health on {Endpoint}")]
    public static partial void Starts(ILogger logger, string worker, string version, string bootstrap, string redis, string endpoint);
}
