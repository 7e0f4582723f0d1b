using System.Net;
using System.Net.Sockets;
using Garnet;
using Garnet.server;

namespace ILoRA.Streaming.Embedded;

/// <summary>Garnet in this process, on a free loopback port, in memory.</summary>
public sealed class EmbeddedRedis : IDisposable
{
    private readonly GarnetServer server;

    /// <param name="wanted">The port, where a server comes back at the address that another one had; null takes a free one.</param>
    public EmbeddedRedis(int? wanted = null)
    {
        var port = wanted ?? FreePort();
        Connection = $"127.0.0.1:{port}";
        server = new GarnetServer(new GarnetServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
            EnableLua = true,
            LuaOptions = new LuaOptions(),
            // Standard output belongs to what a command prints.
            QuietMode = true,
            // Scripts are atomic only so.
            LuaTransactionMode = true,
            LogMemorySize = "512m",
            IndexMemorySize = "16m",
        });
        server.Start();
    }

    /// <summary>host:port of the server.</summary>
    public string Connection { get; }

    public void Dispose() => server.Dispose();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
