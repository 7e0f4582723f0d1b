using System.ComponentModel.DataAnnotations;
using StackExchange.Redis;

namespace ILoRA.Streaming.Hosting;

/// <summary>Where Redis (or Garnet) is (configuration section <c>Redis</c>).</summary>
public sealed class RedisOptions
{
    public const string Section = "Redis";

    /// <summary>host:port list and further options in StackExchange.Redis' notation.</summary>
    [Required, MinLength(1)]
    public string Connection { get; set; } = "localhost:6379";

    /// <summary>Put before every key.</summary>
    public string KeyPrefix { get; set; } = "ilora:";

    /// <summary>Connects; a server that is down is awaited, not an error.</summary>
    public IConnectionMultiplexer Connect()
    {
        var configuration = ConfigurationOptions.Parse(Connection);
        configuration.AbortOnConnectFail = false;
        // A command waits in the retry, which pauses the partition, not in a queue that nobody sees.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ConnectRetry = 3;
        return ConnectionMultiplexer.Connect(configuration);
    }
}
