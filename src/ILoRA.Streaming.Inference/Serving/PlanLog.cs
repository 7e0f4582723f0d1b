using ILoRA.Streaming.Events;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>The log messages of the plan keeper and the serving reporter.</summary>
internal static partial class PlanLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Version {Version} is loaded and verified")]
    public static partial void Loaded(ILogger logger, string version);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Version} is not served. {Reason}")]
    public static partial void Refused(ILogger logger, string version, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Version} is not served yet. {Reason}")]
    public static partial void Incomplete(ILogger logger, string version, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Plan {Rollout} revision {Revision} serves: {Arms}")]
    public static partial void Serves(ILogger logger, RolloutName rollout, long revision, string arms);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void KnowsLittle(ILogger logger, string warning);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Plan {Rollout} revision {Revision} is not served: {Missing}; still serving {Kept}")]
    public static partial void NotServed(ILogger logger, RolloutName rollout, long revision, string missing, string kept);
}
