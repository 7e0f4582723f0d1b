using ILoRA.Streaming.Events;
using StackExchange.Redis;

namespace ILoRA.Streaming.Adapters;

/// <summary>Parts as strings <c>PREFIX</c>part:sha256 in Redis or Garnet.</summary>
public sealed class RedisSnapshotStore(IConnectionMultiplexer redis, string keyPrefix) : ISnapshotStore
{
    private const string Scheme = "redis";

    private IDatabase Database => redis.GetDatabase();

    public async Task<SnapshotPart> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var part = PartContent.Describe(bytes, Scheme);
        cancel.ThrowIfCancellationRequested();
        if (await Database.StringLengthAsync(KeyOf(part)) != part.Bytes)
            await Database.StringSetAsync(KeyOf(part), bytes);
        return part;
    }

    public async Task<byte[]> GetAsync(SnapshotPart part, CancellationToken cancel)
    {
        PartContent.RequireScheme(part, Scheme);
        cancel.ThrowIfCancellationRequested();
        byte[]? bytes = await Database.StringGetAsync(KeyOf(part));
        return bytes is null ? throw PartContent.Missing(part, "Redis") : PartContent.Verified(part, bytes);
    }

    public Task DeleteAsync(SnapshotPart part, CancellationToken cancel)
    {
        PartContent.RequireScheme(part, Scheme);
        return Database.KeyDeleteAsync(KeyOf(part));
    }

    private RedisKey KeyOf(SnapshotPart part) => $"{keyPrefix}part:{part.Sha256}";
}
