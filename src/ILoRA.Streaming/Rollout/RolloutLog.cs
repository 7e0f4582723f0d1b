using ILoRA.Streaming.Events;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Rollout;

internal static partial class RolloutLog
{
    [LoggerMessage(LogLevel.Information, "Rollout {Rollout} revision {Revision} by {By}: {Reason}")]
    public static partial void Known(ILogger logger, RolloutName rollout, long revision, string by, string reason);
}
