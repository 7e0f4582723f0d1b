using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Training.Online;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Training.Worker;

/// <summary>One checkpoint a line in Redis. A SET replaces the whole value at once, so a reader never sees half of one.</summary>
public sealed class CheckpointStore(IConnectionMultiplexer redis, IOptions<RedisOptions> options, DependencyRetry retry)
{
    public Task SaveAsync(string line, Checkpoint checkpoint, CancellationToken cancel)
    {
        var bytes = checkpoint.ToBytes();
        return retry.RunAsync(_ => redis.GetDatabase().StringSetAsync(Key(line), bytes), cancel);
    }

    /// <returns>Null where the line has none.</returns>
    /// <exception cref="InvalidDataException">What is there is no checkpoint.</exception>
    public async Task<Checkpoint?> LoadAsync(string line, CancellationToken cancel)
    {
        byte[]? bytes = await retry.RunAsync(_ => redis.GetDatabase().StringGetAsync(Key(line)), cancel);
        return bytes is null ? null : Checkpoint.Parse(bytes);
    }

    private RedisKey Key(string line) => $"{options.Value.KeyPrefix}trainer:checkpoint:{line}";
}
