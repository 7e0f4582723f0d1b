using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Kafka;

internal static partial class KafkaLog
{
    [LoggerMessage(LogLevel.Error, "Kafka client, fatal: {Reason} ({Code})")]
    public static partial void Fatal(ILogger logger, ErrorCode code, string reason);

    [LoggerMessage(LogLevel.Debug, "Kafka client {Facility}: {Message}")]
    public static partial void ClientMessage(ILogger logger, string facility, string message);

    [LoggerMessage(LogLevel.Warning, "Dead letters: {Count}, the latest {Topic}-{Partition}@{Offset}: {Reason}")]
    public static partial void DeadLetters(ILogger logger, long count, string topic, int partition, long offset, string reason);

    [LoggerMessage(LogLevel.Information, "{Group} was assigned {Partitions}")]
    public static partial void Assigned(ILogger logger, string group, string partitions);

    [LoggerMessage(LogLevel.Information, "{Group} gave back {Partitions}")]
    public static partial void Revoked(ILogger logger, string group, string partitions);

    [LoggerMessage(LogLevel.Warning, "{Group} lost {Partitions}; their unfinished batches will be done again by the next owner")]
    public static partial void Lost(ILogger logger, string group, string partitions);

    [LoggerMessage(LogLevel.Warning,
        "{Group} ends without a last commit, its coordinator has not answered for {Seconds:F0} s; what is not committed will be done "
        + "again")]
    public static partial void NotLeft(ILogger logger, string group, double seconds);

    [LoggerMessage(LogLevel.Warning, "{Group} paused its partitions: a batch has been unfinished for {Seconds:F0} s")]
    public static partial void Paused(ILogger logger, string group, double seconds);

    [LoggerMessage(LogLevel.Information, "{Group} resumed its partitions")]
    public static partial void Resumed(ILogger logger, string group);

    [LoggerMessage(LogLevel.Information, "{Topic} is not there yet; waiting for `ilora topics create`")]
    public static partial void FeedWaits(ILogger logger, string topic);

    [LoggerMessage(LogLevel.Information, "{Topic} is read to its end")]
    public static partial void FeedCaughtUp(ILogger logger, string topic);

    [LoggerMessage(LogLevel.Warning, "Skipped {Topic}-{Partition}@{Offset}: {Reason}")]
    public static partial void FeedSkipped(ILogger logger, string topic, int partition, long offset, string reason);

    [LoggerMessage(LogLevel.Warning, "Topics are not as they must be, waiting up to {Seconds:F0} s: {Differences}")]
    public static partial void TopicsNotReady(ILogger logger, double seconds, string differences);

    [LoggerMessage(LogLevel.Warning, "Topic {Difference}")]
    public static partial void TopicDiffers(ILogger logger, string difference);
}
