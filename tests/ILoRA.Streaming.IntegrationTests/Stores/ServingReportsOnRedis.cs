using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Stores;

public sealed class ServingReportsOnRedis() : ServingReportsContract(Given())
{
    private static string Given()
    {
        Assert.SkipWhen(RealServers.Redis is null, $"no real Redis: set {RealServers.RedisVariable}");
        return RealServers.Redis!;
    }
}
