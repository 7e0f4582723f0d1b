using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.TestKit;
using StackExchange.Redis;
using Xunit;

namespace ILoRA.Streaming.Tests.Adapters;

public sealed class FileSnapshotStoreTests : SnapshotStoreContract, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-parts-");

    protected override ISnapshotStore Store => new FileSnapshotStore(folder.FullName);

    protected override Task OverwriteAsync(SnapshotPart part, byte[] bytes) =>
        File.WriteAllBytesAsync(Path.Combine(folder.FullName, part.Sha256[..2], part.Sha256), bytes, TestContext.Current.CancellationToken);

    [Fact]
    public async Task Nothing_but_the_part_is_left_in_the_folder()
    {
        await Store.PutAsync(Bytes(10), TestContext.Current.CancellationToken);
        Assert.Single(folder.GetFiles("*", SearchOption.AllDirectories));
    }

    public void Dispose() => folder.Delete(recursive: true);
}

public sealed class GarnetSnapshotStoreTests(EmbeddedServers servers) : SnapshotStoreContract, IClassFixture<EmbeddedServers>, IDisposable
{
    private const string Prefix = "test:";
    private readonly ConnectionMultiplexer redis = ConnectionMultiplexer.Connect(servers.Redis);

    protected override ISnapshotStore Store => new RedisSnapshotStore(redis, Prefix);

    protected override Task OverwriteAsync(SnapshotPart part, byte[] bytes) => redis.GetDatabase().StringSetAsync($"{Prefix}part:{part.Sha256}", bytes);

    public void Dispose() => redis.Dispose();
}

public sealed class RealRedisSnapshotStoreTests : SnapshotStoreContract, IDisposable
{
    private readonly string prefix = $"test-{Guid.NewGuid():N}:";
    private readonly ConnectionMultiplexer redis;

    public RealRedisSnapshotStoreTests()
    {
        Assert.SkipWhen(RealServers.Redis is null, $"no real Redis: set {RealServers.RedisVariable}");
        redis = ConnectionMultiplexer.Connect(RealServers.Redis!);
    }

    protected override ISnapshotStore Store => new RedisSnapshotStore(redis, prefix);

    protected override Task OverwriteAsync(SnapshotPart part, byte[] bytes) => redis.GetDatabase().StringSetAsync($"{prefix}part:{part.Sha256}", bytes);

    public void Dispose()
    {
        foreach (var endpoint in redis.GetEndPoints())
            redis.GetDatabase().KeyDelete([.. redis.GetServer(endpoint).Keys(pattern: $"{prefix}*")]);
        redis.Dispose();
    }
}
