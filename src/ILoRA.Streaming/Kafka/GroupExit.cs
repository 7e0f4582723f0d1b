using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Kafka;

/// <summary>
/// The end of a group's member. Closing its client commits and leaves, and waits for minutes where the coordinator's connection is open and
/// silent, as of a broker that is paused.
/// </summary>
internal static class GroupExit
{
    private static readonly TimeSpan CoordinatorTime = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Commits the stored offsets and leaves the group. Where its coordinator is silent neither is done: the member's session times out,
    /// and what was not committed is done again.
    /// </summary>
    public static void Leave(IConsumer<byte[], byte[]> consumer, string group, string topic, ILogger logger)
    {
        if (CoordinatorAnswers(consumer, topic))
            consumer.Close();
        else
            KafkaLog.NotLeft(logger, group, CoordinatorTime.TotalSeconds);
    }

    private static bool CoordinatorAnswers(IConsumer<byte[], byte[]> consumer, string topic)
    {
        try
        {
            consumer.Committed([new TopicPartition(topic, 0)], CoordinatorTime);
            return true;
        }
        catch (KafkaException error)
        {
            return !error.Error.IsLocalError;
        }
    }
}
