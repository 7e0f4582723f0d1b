using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Telemetry;
using StackExchange.Redis;

namespace ILoRA.Streaming.Redis;

/// <summary>Asks Redis for a PING, all the time, so that a health check answers at once and never waits for a server.</summary>
public sealed class RedisProbe(IConnectionMultiplexer redis, Dependencies dependencies, DependencyRetry retry, TimeProvider time)
    : WorkerService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Dependency.ProbePeriod, time);
        do
        {
            try
            {
                await redis.GetDatabase().PingAsync().WaitAsync(Dependency.ProbeLimit, time, stoppingToken);
                dependencies.Redis.Answered();
            }
            catch (Exception error) when (error is RedisException or TimeoutException)
            {
                dependencies.Redis.Unanswered($"no answer to a PING ({Dependency.Brief(error)})");
                dependencies.Redis.GiveUp(retry.Budget, "start it, or name another server with --redis");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
