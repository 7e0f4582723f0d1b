using System.CommandLine;

namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary>The options that say which cluster a command talks to; on every command.</summary>
internal static class Servers
{
    public static Option<string?> Bootstrap { get; } = new("--bootstrap")
    {
        Description = "Kafka's host:port list (else ILORA__Kafka__Bootstrap, else localhost:9092)",
        HelpName = "HOST:PORT",
        Recursive = true,
    };

    public static Option<string?> Redis { get; } = new("--redis")
    {
        Description = "Redis's host:port (else ILORA__Redis__Connection, else localhost:6379)",
        HelpName = "HOST:PORT",
        Recursive = true,
    };

    public static Option<string?> Namespace { get; } = new("--namespace")
    {
        Description = "Put before every topic, consumer group and Redis key, e.g. eu. (else ILORA__Namespace, else nothing)",
        HelpName = "TEXT",
        Recursive = true,
    };
}
