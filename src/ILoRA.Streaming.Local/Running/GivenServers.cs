using ILoRA.Streaming.Kafka;
using StackExchange.Redis;

namespace ILoRA.Streaming.Local.Running;

/// <summary>
/// Servers that the user gave. Workers wait for a server that is down; here somebody waits at the terminal, and a mistyped address is likelier.
/// </summary>
internal static class GivenServers
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <exception cref="InvalidOperationException">One does not answer.</exception>
    public static async Task ReachAsync(LocalSettings settings, KafkaOptions kafka)
    {
        if (settings.Bootstrap is not null)
            await ReachKafkaAsync(kafka);
        if (settings.Redis is not null)
            await ReachRedisAsync(settings.Redis);
    }

    private static async Task ReachKafkaAsync(KafkaOptions kafka)
    {
        if (await Task.Run(() => Brokers.WhyUnreached(kafka, Limit)) is { } why)
            throw Unreached("Kafka", kafka.Bootstrap, "--bootstrap", why);
    }

    private static async Task ReachRedisAsync(string connection)
    {
        var configuration = ConfigurationOptions.Parse(connection);
        (configuration.AbortOnConnectFail, configuration.ConnectTimeout, configuration.ConnectRetry) = (true, (int)Limit.TotalMilliseconds, 1);
        try
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(configuration);
        }
        catch (RedisException down)
        {
            throw Unreached("Redis", connection, "--redis", down.Message, down);
        }
    }

    private static InvalidOperationException Unreached(string server, string at, string flag, string why, Exception? down = null) =>
        new($"{server} at {at} cannot be reached ({why}); start it, or leave {flag} out to use the embedded one", down);
}
