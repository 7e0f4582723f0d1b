using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Telemetry;

internal static partial class DependencyLog
{
    [LoggerMessage(LogLevel.Warning, "{Dependency}: {Reason}. Further errors are counted and reported once a minute.")]
    public static partial void Began(ILogger logger, string dependency, string reason);

    [LoggerMessage(LogLevel.Warning, "{Dependency}: errors for {Minutes:F0} min, {Held} more since the last report; the latest: {Reason}")]
    public static partial void Lasts(ILogger logger, string dependency, double minutes, long held, string reason);

    [LoggerMessage(LogLevel.Information, "{Dependency} works again after {Seconds:F0} s; {Held} further errors were held back")]
    public static partial void Over(ILogger logger, string dependency, double seconds, long held);
}
