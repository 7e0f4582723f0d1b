using ILoRA.Streaming.Events;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Adapters;

internal static partial class AdapterLog
{
    [LoggerMessage(LogLevel.Information, "{Version} of line {Line} is announced")]
    public static partial void Announced(ILogger logger, AdapterVersion version, LineName line);

    [LoggerMessage(LogLevel.Information, "Published {Version} of line {Line}: {Bytes} bytes in {Parts} parts")]
    public static partial void Published(ILogger logger, AdapterVersion version, LineName line, long bytes, int parts);

    [LoggerMessage(LogLevel.Information, "Retired {Version} of line {Line}")]
    public static partial void Retired(ILogger logger, AdapterVersion version, LineName line);
}
