using Confluent.Kafka;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Kafka;

/// <summary>
/// What a Kafka client reports of its own accord: errors that pass count towards the process's outage, fatal ones are logged each.
/// </summary>
public sealed class KafkaClientEvents(Dependency kafka, ILogger logger)
{
    /// <summary>The client's error handler.</summary>
    public void OnError(IClient client, Error error) => OnError(error);

    /// <summary>An error that a call returned and that the client gets over by itself.</summary>
    public void OnError(Error error)
    {
        if (error.IsFatal)
            KafkaLog.Fatal(logger, error.Code, error.Reason);
        else
            kafka.Failed($"{error.Reason} ({error.Code})");
    }

    /// <summary>The client's log handler.</summary>
    public void OnLog(IClient client, LogMessage message) => KafkaLog.ClientMessage(logger, message.Facility, message.Message);
}
