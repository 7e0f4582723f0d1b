using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Inference.Sessions;

internal static partial class DeviceLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    public static partial void FellBack(ILogger logger, string reason);
}
