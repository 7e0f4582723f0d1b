using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Model.Backbones;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>The log messages of opening a session.</summary>
internal static partial class DeviceLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    public static partial void FellBack(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Serving {Backbone}; precision {Precision}, {Megabytes} MB mapped from {Folder}, on {Device}")]
    public static partial void Loaded(ILogger logger, BackboneSummary backbone, GraphPrecision precision, long megabytes, string folder,
        Device device);
}
