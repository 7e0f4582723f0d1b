using System.Reflection;
using ILoRA.Streaming.Configuration;

namespace ILoRA.Streaming.Hosting;

/// <summary>The flags that every process takes.</summary>
public static class HostFlags
{
    /// <summary>Flag to configuration key.</summary>
    public static IReadOnlyDictionary<string, string> Keys { get; } = new Dictionary<string, string>
    {
        ["--bootstrap"] = "Kafka:Bootstrap",
        ["--redis"] = "Redis:Connection",
        ["--namespace"] = StreamNamespace.Setting,
        ["--port"] = "Host:Port",
    };

    /// <summary>The settings of the servers that a command line gives; null where a flag was not given.</summary>
    public static IReadOnlyDictionary<string, string?> Servers(string? bootstrap, string? redis, string? scope) =>
        new Dictionary<string, string?>
        {
            [Keys["--bootstrap"]] = bootstrap,
            [Keys["--redis"]] = redis,
            [Keys["--namespace"]] = scope,
        };

    /// <summary>The product's version, without the build's commit.</summary>
    public static string Version { get; } =
        typeof(HostFlags).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static string Help(string worker) => $"""
        {worker} {Version}

        Usage: {worker} [--bootstrap HOST:PORT,...] [--redis HOST:PORT,...] [--namespace TEXT] [--port N] [--Section:Key VALUE ...]

          --bootstrap   Kafka brokers (default localhost:9092)
          --redis       Redis or Garnet servers (default localhost:6379)
          --namespace   put before every topic, consumer group and Redis key, e.g. eu. (default: nothing)
          --port        port of /health, /health/live, /health/ready and /metrics (default 0: off)
          --help, --version

        Every setting can also be given in appsettings.json or as an environment variable ILORA__Section__Key.
        Exit codes: 0 done, 1 the work failed, 2 bad usage or bad input, 130 interrupted.
        """;

    /// <summary>What is wrong with the flags, or null.</summary>
    public static string? Mistake(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i].Split('=', 2)[0];
            if (!Keys.ContainsKey(name)
                && !(name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal)))
            {
                var remedy = NearestName.Of(name, Keys.Keys) is { } near ? $"did you mean '{near}'?" : "see --help";
                return $"unknown flag '{args[i]}'; {remedy}";
            }
            if (args[i].Contains('=', StringComparison.Ordinal))
                continue;
            if (++i >= args.Count)
                return $"{name} needs a value; see --help";
        }
        return null;
    }
}
