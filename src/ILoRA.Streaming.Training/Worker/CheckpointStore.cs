using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Training.Online;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Training.Worker;

/// <summary>
/// Stores the trainer's checkpoints in Redis, one value per adapter line. SET is atomic, so a reader never gets a partial checkpoint.
/// </summary>
public sealed class CheckpointStore(IConnectionMultiplexer redis, IOptions<RedisOptions> options, DependencyRetry retry)
{
    public Task SaveAsync(string line, Checkpoint checkpoint, CancellationToken cancel)
    {
        var bytes = checkpoint.ToBytes();
        return retry.RunAsync(_ => redis.GetDatabase().StringSetAsync(Key(line), bytes), cancel);
    }

    /// <summary>Loads a line's checkpoint.</summary>
    /// <returns>The checkpoint; null where the line has none.</returns>
    /// <exception cref="InvalidDataException">The stored value is not a checkpoint.</exception>
    public async Task<Checkpoint?> LoadAsync(string line, CancellationToken cancel)
    {
        byte[]? bytes = await retry.RunAsync(_ => redis.GetDatabase().StringGetAsync(Key(line)), cancel);
        return bytes is null ? null : Checkpoint.Parse(bytes);
    }

    private RedisKey Key(string line) => $"{options.Value.KeyPrefix}trainer:checkpoint:{line}";
}
