using System.Net;
using System.Net.Sockets;
using ILoRA.Streaming.Hosting;
using Microsoft.AspNetCore.Builder;

namespace ILoRA.Streaming.Tests.Hosting;

/// <summary>What every worker shares, with its port open and no worker in it.</summary>
internal sealed class HttpHost : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly WebApplication app;
    private readonly int port;

    private HttpHost(WebApplication app, int port) => (this.app, this.port) = (app, port);

    public IServiceProvider Services => app.Services;

    /// <summary>Without servers of its own it names addresses where nobody listens.</summary>
    public static async Task<HttpHost> StartAsync(CancellationToken cancel, string bootstrap = "127.0.0.1:1",
        string redis = "127.0.0.1:1,connectTimeout=100", Action<WebApplicationBuilder>? configure = null)
    {
        var port = FreePort();
        var builder = StreamHost.CreateBuilder([$"--port={port}", $"--bootstrap={bootstrap}", $"--redis={redis}"], "ilora-test");
        configure?.Invoke(builder);
        var app = StreamHost.Build(builder);
        await app.StartAsync(cancel);
        return new HttpHost(app, port);
    }

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path, CancellationToken cancel)
    {
        using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"), cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
