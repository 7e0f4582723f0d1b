using Confluent.Kafka;
using ILoRA.Streaming.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Hosting;

/// <summary>
/// Asks Kafka for the metadata of one topic and Redis for a PING, all the time, so that a health check answers at once and never waits for a server.
/// </summary>
public sealed class DependencyProbe(
    IOptions<KafkaOptions> kafka, IConnectionMultiplexer redis, Dependencies dependencies, TimeProvider time, ILogger<DependencyProbe> logger)
    : WorkerService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2), Limit = TimeSpan.FromSeconds(4);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Task.Factory.StartNew(() => AskKafka(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
        AskRedisAsync(stoppingToken));

    private void AskKafka(CancellationToken stop)
    {
        // A client of its own: where brokers create topics, a producer's question would do so, and a worker's client may pause ten
        // seconds before it reconnects.
        var config = kafka.Value.Reader();
        config.ReconnectBackoffMaxMs ??= 1_000;
        var events = new KafkaClientEvents(dependencies.Kafka, logger);
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).SetErrorHandler(events.OnError).SetLogHandler(events.OnLog).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        do
        {
            try
            {
                admin.GetMetadata(kafka.Value.Topics.DeadLetters, Limit);
                dependencies.Kafka.Answered();
            }
            catch (KafkaException error)
            {
                dependencies.Kafka.Unanswered($"no answer from {kafka.Value.Bootstrap} ({error.Error.Reason})");
            }
        }
        while (!stop.WaitHandle.WaitOne(Period));
    }

    private async Task AskRedisAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await redis.GetDatabase().PingAsync().WaitAsync(Limit, time, stop);
                dependencies.Redis.Answered();
            }
            catch (Exception error) when (error is RedisException or TimeoutException)
            {
                dependencies.Redis.Unanswered($"no answer to a PING ({Dependency.Brief(error)})");
            }
        }
        while (await NextAsync(timer, stop));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
