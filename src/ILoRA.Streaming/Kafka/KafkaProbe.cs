using Confluent.Kafka;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Kafka;

/// <summary>
/// Asks Kafka for the metadata of one topic, all the time, so that a health check answers at once and never waits for a server.
/// </summary>
public sealed class KafkaProbe(IOptions<KafkaOptions> options, Dependencies dependencies, ILogger<KafkaProbe> logger) : WorkerService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Ask(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Ask(CancellationToken stop)
    {
        // A client of its own: where brokers create topics, a producer's question would do so, and a worker's client may pause ten
        // seconds before it reconnects.
        var config = options.Value.Reader();
        config.ReconnectBackoffMaxMs ??= 1_000;
        var events = new KafkaClientEvents(dependencies.Kafka, logger);
        using var consumer =
            new ConsumerBuilder<byte[], byte[]>(config).SetErrorHandler(events.OnError).SetLogHandler(events.OnLog).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        do
        {
            try
            {
                admin.GetMetadata(options.Value.Topics.DeadLetters, Dependency.ProbeLimit);
                dependencies.Kafka.Answered();
            }
            catch (KafkaException error)
            {
                dependencies.Kafka.Unanswered($"no answer from {options.Value.Bootstrap} ({error.Error.Reason})");
                dependencies.Kafka.GiveUp(options.Value.RetryBudget, "start it, or name other brokers with --bootstrap");
            }
        }
        while (!stop.WaitHandle.WaitOne(Dependency.ProbePeriod));
    }
}
