using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Ingest;
using Microsoft.AspNetCore.Builder;

namespace ILoRA.Streaming.TestKit;

/// <summary>Hosts the ingest worker in the test process, set up as in its executable.</summary>
public sealed class IngestHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private IngestHost(WebApplication app) => this.app = app;

    public IServiceProvider Services => app.Services;

    /// <summary>Starts a worker; <paramref name="settings"/> are further <c>--Section:Key=value</c> flags.</summary>
    public static async Task<IngestHost> StartAsync(string bootstrap, string redis, string scope, params string[] settings)
    {
        string[] flags = [$"--bootstrap={bootstrap}", $"--redis={redis}", $"--namespace={scope}", "--Ingest:Group=ingest",
            "--Logging:LogLevel:Default=Warning"];
        var builder = StreamHost.CreateBuilder([.. flags, .. settings], "ilora-ingest");
        builder.Services.AddIngest(builder.Configuration);
        var host = new IngestHost(builder.Build());
        await host.app.StartAsync();
        return host;
    }

    /// <summary>Stops the worker as on SIGTERM: pending batches are finished and committed.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
