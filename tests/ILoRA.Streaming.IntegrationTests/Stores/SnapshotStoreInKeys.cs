using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using StackExchange.Redis;

namespace ILoRA.Streaming.IntegrationTests.Stores;

/// <summary>The store in Redis or Garnet.</summary>
public abstract class SnapshotStoreInKeys(string connection) : SnapshotStoreContract, IDisposable
{
    private readonly string prefix = $"{Guid.NewGuid():N}:";
    private readonly ConnectionMultiplexer redis = ConnectionMultiplexer.Connect(connection);
    private readonly List<RedisKey> keys = [];

    protected override ISnapshotStore Store => new RedisSnapshotStore(redis, prefix);

    protected override Task OverwriteAsync(SnapshotPart part, byte[] bytes) => redis.GetDatabase().StringSetAsync(KeyOf(part), bytes);

    protected override void Stored(SnapshotPart part) => keys.Add(KeyOf(part));

    public void Dispose()
    {
        redis.GetDatabase().KeyDelete([.. keys]);
        redis.Dispose();
        GC.SuppressFinalize(this);
    }

    private string KeyOf(SnapshotPart part) => $"{prefix}part:{part.Sha256}";
}
