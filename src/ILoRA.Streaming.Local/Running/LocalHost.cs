using ILoRA.Streaming.Clicks;
using ILoRA.Streaming.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Local.Running;

/// <summary>All workers in one process: the same classes and registrations as in their own executables.</summary>
internal static class LocalHost
{
    public static WebApplication Build(LocalSettings settings, LocalServers servers, string data)
    {
        string[] flags =
        [
            "--bootstrap", servers.Bootstrap,
            "--redis", servers.Redis,
            "--Kafka:Partitions", $"{LocalServers.Partitions}",
        ];
        var builder = StreamHost.CreateBuilder(flags, "ilora-local");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddIngest(builder.Configuration);
        return builder.Build();
    }
}
