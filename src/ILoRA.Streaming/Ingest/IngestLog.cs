using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Ingest;

internal static partial class IngestLog
{
    [LoggerMessage(LogLevel.Warning,
        "The store lost data of {Topic}-{Partition}: applying again from offset {Start}, emitting from {EmitFrom}")]
    public static partial void Rebuilds(ILogger logger, string topic, int partition, long start, long emitFrom);

    [LoggerMessage(LogLevel.Information, "{Topic}-{Partition} begins at offset {Start} (epoch {Epoch})")]
    public static partial void Starts(ILogger logger, string topic, int partition, long start, int epoch);

    [LoggerMessage(LogLevel.Warning,
        "{Count} clicks changed nothing: each is older than the {Capacity} newest of its user that are kept; the latest is "
        + "{Topic}-{Partition}@{Offset}, of {Time:u}")]
    public static partial void TooLate(ILogger logger, long count, int capacity, string topic, int partition, long offset,
        DateTimeOffset time);

    [LoggerMessage(LogLevel.Warning, "Reading the clicks again: {Reason}")]
    public static partial void StateLost(ILogger logger, string reason);
}
