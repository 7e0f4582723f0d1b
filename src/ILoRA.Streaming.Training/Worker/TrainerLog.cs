using ILoRA.Streaming.Model.Backbones;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Training.Worker;

internal static partial class TrainerLog
{
    [LoggerMessage(LogLevel.Information, "Line {Line} resumes from its checkpoint after {Observed} samples, version {Version}")]
    public static partial void Resumed(ILogger logger, string line, long observed, string? version);

    [LoggerMessage(LogLevel.Information, "Line {Line} continues from version {Version}")]
    public static partial void Continues(ILogger logger, string line, string version);

    [LoggerMessage(LogLevel.Information, "Line {Line} starts with {Folder} as version {Version}")]
    public static partial void Begins(ILogger logger, string line, string folder, string version);

    [LoggerMessage(LogLevel.Information, "Line {Line} has no version yet: waiting for one on the adapters topic (or give Trainer:Initial)")]
    public static partial void Waits(ILogger logger, string line);

    [LoggerMessage(LogLevel.Warning, "The checkpoint of line {Line} is not used: {Reason}")]
    public static partial void CheckpointRefused(ILogger logger, string line, string reason);

    [LoggerMessage(LogLevel.Warning,
        "The checkpoint of line {Line} at the stop was not stored within {Seconds:F0} s; the trainer resumes from the one before")]
    public static partial void LastCheckpointLost(ILogger logger, string line, double seconds);

    [LoggerMessage(LogLevel.Information,
        "Version {Version} after {Samples} more samples: encoder loss {EncoderLoss:F3}, score loss {ScoreLoss:F3}, language model on "
        + "{Share:P0} of the samples")]
    public static partial void Published(ILogger logger, string version, long samples, double encoderLoss, double scoreLoss, double share);

    [LoggerMessage(LogLevel.Information, "Training on {Backbone}; computes in {Precision}, {Megabytes} MB, on {Device}")]
    public static partial void Loaded(ILogger logger, BackboneSummary backbone, string precision, long megabytes, string device);

    [LoggerMessage(LogLevel.Warning, "{Message}")]
    public static partial void Device(ILogger logger, string message);
}
