using Confluent.Kafka;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Kafka;

/// <summary>
/// Holds the workers back until the topics exist and are as they must be: the first record sent to a missing topic would make brokers
/// create it with their own defaults. When it lasts longer than the retry budget the process ends.
/// </summary>
public sealed class TopicGuard(
    IOptions<KafkaOptions> options, TopicProvisioning provisioning, WorkerHealth health, TimeProvider time, ILogger<TopicGuard> logger)
    : WorkerService
{
    private const string Name = "topics";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the topics are as they must be.</summary>
    public Task Passed => passed.Task;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        health.Waiting(Name, "asking the brokers for the topics");
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await WaitAsync(stoppingToken);
        health.Waiting(Name, null);
        passed.SetResult();
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Pause, time);
        long? since = null;
        for (var said = ""; ; await timer.WaitForNextTickAsync(stop))
        {
            if (await CheckAsync() is not { } differences)
                continue;
            var vital = TopicDifference.Summary(differences.Where(difference => difference.Vital));
            if (vital.Length == 0)
            {
                foreach (var difference in differences)
                    KafkaLog.TopicDiffers(logger, difference.Text);
                return;
            }
            since ??= time.GetTimestamp();
            health.Waiting(Name, vital);
            if (time.GetElapsedTime(since.Value) > options.Value.RetryBudget)
                throw new InvalidOperationException($"The topics are not as they must be. {vital}.");
            if (said != vital)
                KafkaLog.TopicsNotReady(logger, options.Value.RetryBudget.TotalSeconds, said = vital);
        }
    }

    /// <summary>Null where the brokers do not answer: they are waited for.</summary>
    private async Task<IReadOnlyList<TopicDifference>?> CheckAsync()
    {
        try
        {
            return await provisioning.CheckAsync();
        }
        catch (KafkaException down) when (!down.Error.IsFatal)
        {
            health.Waiting(Name, $"the brokers do not answer ({down.Error.Reason})");
            return null;
        }
    }
}
