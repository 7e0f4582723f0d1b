using Confluent.Kafka;
using ILoRA.Streaming.Telemetry;
using Polly;
using Polly.Retry;
using StackExchange.Redis;

namespace ILoRA.Streaming.Redis;

/// <summary>
/// Repeats a call while Redis or Kafka is down, with growing pauses, until the retry budget is spent; then the call's own error ends the
/// worker.
/// </summary>
public sealed class DependencyRetry
{
    private readonly ResiliencePipeline pipeline;

    /// <param name="budget">How long a server may be down.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="dependencies">Told of every failed call.</param>
    public DependencyRetry(TimeSpan budget, TimeProvider time, Dependencies dependencies)
    {
        Budget = budget;
        var longest = TimeSpan.FromSeconds(5);
        pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle =
                    new PredicateBuilder().Handle<RedisException>(IsOutage).Handle<TimeoutException>()
                        .Handle<KafkaException>(e => !e.Error.IsFatal),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = longest,
                // Pauses reach the longest one after about six attempts, hence the budget in longest pauses plus those.
                MaxRetryAttempts = 6 + (int)Math.Ceiling(budget / longest),
                OnRetry = attempt =>
                {
                    StreamMetrics.Retries.Add(1);
                    // RedisTimeoutException is a TimeoutException; no other call that is repeated throws one.
                    var failed = attempt.Outcome.Exception is KafkaException ? dependencies.Kafka : dependencies.Redis;
                    failed.Failed(Dependency.Brief(attempt.Outcome.Exception!));
                    return default;
                },
            })
            .Build();
    }

    /// <summary>How long a server may be down.</summary>
    public TimeSpan Budget { get; }

    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancel) =>
        await pipeline.ExecuteAsync(async token => await call(token), cancel);

    public async Task RunAsync(Func<CancellationToken, Task> call, CancellationToken cancel) =>
        await pipeline.ExecuteAsync(async token => await call(token), cancel);

    // An error reply is a bug or a refusal; only those that servers give while starting or failing over pass by themselves.
    private static bool IsOutage(RedisException error) => error is not RedisServerException
        || error.Message.StartsWith("LOADING", StringComparison.Ordinal) || error.Message.StartsWith("READONLY", StringComparison.Ordinal)
        || error.Message.StartsWith("MASTERDOWN", StringComparison.Ordinal)
        || error.Message.StartsWith("CLUSTERDOWN", StringComparison.Ordinal)
        || error.Message.StartsWith("TRYAGAIN", StringComparison.Ordinal) || error.Message.StartsWith("MISCONF", StringComparison.Ordinal);
}
