using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Redis;
using StackExchange.Redis;

namespace ILoRA.Streaming.Local.Running;

/// <summary>
/// Servers that the user gave. Workers wait for a server that is down; here somebody waits at the terminal, and a mistyped address is
/// likelier.
/// </summary>
internal static class GivenServers
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly SettingsSection[] Sections =
        [new(KafkaOptions.Section, typeof(KafkaOptions)), new(RedisOptions.Section, typeof(RedisOptions))];

    /// <summary>Asks them before files are read and models are fitted.</summary>
    /// <exception cref="InvalidOperationException">One does not answer.</exception>
    /// <exception cref="InvalidDataException">A setting of theirs cannot be used.</exception>
    public static async Task ReachAsync(LocalSettings settings)
    {
        var configuration = SettingSources.Read(HostFlags.Servers(settings.Bootstrap, settings.Redis, settings.Namespace), Sections);
        var (kafka, redis) = (KafkaOptions.Of(configuration), RedisOptions.Of(configuration));
        await Task.WhenAll(
            settings.Bootstrap is null ? Task.CompletedTask : ReachKafkaAsync(kafka),
            settings.Redis is null ? Task.CompletedTask : ReachRedisAsync(redis.Connection));
    }

    private static async Task ReachKafkaAsync(KafkaOptions kafka)
    {
        if (await Task.Run(() => Brokers.WhyUnreached(kafka, Limit)) is { } why)
            throw Unreached("Kafka", kafka.Bootstrap, "--bootstrap", why);
    }

    private static async Task ReachRedisAsync(string connection)
    {
        var configuration = ConfigurationOptions.Parse(connection);
        (configuration.AbortOnConnectFail, configuration.ConnectTimeout, configuration.ConnectRetry) =
            (true, (int)Limit.TotalMilliseconds, 1);
        try
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(configuration);
        }
        catch (RedisException down)
        {
            throw Unreached("Redis", connection, "--redis", down.Message.Split(". ")[0], down);
        }
    }

    private static InvalidOperationException Unreached(string server, string at, string flag, string why, Exception? down = null) =>
        new($"{server} at {at} cannot be reached ({why}); start it, or leave {flag} out to use the embedded one", down);
}
