using Confluent.Kafka;
using Polly;
using Polly.Retry;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>
/// Reads and commits a consumer group's offsets without joining it; repeats what a cluster refuses while it elects the group's coordinator,
/// as a new one does.
/// </summary>
internal static class GroupOffsets
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly ResiliencePipeline Patience = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<KafkaException>(error => IsPassing(error.Error.Code)),
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromSeconds(2),
            MaxRetryAttempts = 15,
        })
        .Build();

    public static Offset Committed(this IConsumer<byte[], byte[]> consumer, TopicPartition partition) =>
        Patience.Execute(() => consumer.Committed([partition], Limit)[0].Offset);

    public static void CommitPatiently(this IConsumer<byte[], byte[]> consumer, IEnumerable<TopicPartitionOffset> offsets)
    {
        var all = offsets.ToArray();
        Patience.Execute(() => consumer.Commit(all));
    }

    private static bool IsPassing(ErrorCode code) =>
        code is ErrorCode.NotCoordinatorForGroup or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.GroupLoadInProgress
        or ErrorCode.Local_WaitCoord or ErrorCode.Local_TimedOut or ErrorCode.RequestTimedOut or ErrorCode.Local_Transport;
}
