using System.ComponentModel.DataAnnotations;
using System.Net;
using ILoRA.Streaming.Configuration;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace ILoRA.Streaming.Redis;

/// <summary>Where Redis (or Garnet) is (configuration section <c>Redis</c>).</summary>
public sealed class RedisOptions
{
    public const string Section = "Redis";

    /// <summary>host:port list and further options in StackExchange.Redis' notation.</summary>
    [Required, MinLength(1)]
    public string Connection { get; set; } = "localhost:6379";

    /// <summary>From the setting <see cref="StreamNamespace.Setting"/>, which is no part of this section.</summary>
    public StreamNamespace Namespace { get; set; } = StreamNamespace.None;

    /// <summary>
    /// Put before every key. A namespace holds no colon, so no two of them share a key, and no brace, so that a key's hash tag stays what
    /// is in its first braces.
    /// </summary>
    public string KeyPrefix => $"{Namespace}ilora:";

    /// <summary>The configured options, for what has no host.</summary>
    public static RedisOptions Of(IConfiguration configuration)
    {
        var options = configuration.GetSection(Section).Get<RedisOptions>() ?? new();
        options.Namespace = StreamNamespace.Of(configuration);
        return options;
    }

    /// <summary>As it is written on a command line.</summary>
    internal static string Address(EndPoint server) => server is DnsEndPoint name ? $"{name.Host}:{name.Port}" : $"{server}";

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
