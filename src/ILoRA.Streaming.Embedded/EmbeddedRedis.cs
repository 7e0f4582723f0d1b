using System.Net;
using System.Net.Sockets;
using Garnet;
using Garnet.server;

namespace ILoRA.Streaming.Embedded;

/// <summary>A Redis-compatible server inside this process, for demos and tests: Garnet, in memory, on a loopback port.</summary>
public sealed class EmbeddedRedis : IDisposable
{
    private readonly GarnetServer server;

    /// <summary>Starts the server.</summary>
    /// <param name="fixedPort">The port, to restart a server at the same address; null for a free port.</param>
    public EmbeddedRedis(int? fixedPort = null)
    {
        var port = fixedPort ?? FreePort();
        Connection = $"127.0.0.1:{port}";
        server = new GarnetServer(new GarnetServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
            EnableLua = true,
            LuaOptions = new LuaOptions(),
            // Standard output is reserved for the output of commands.
            QuietMode = true,
            // Without it, scripts are not atomic.
            LuaTransactionMode = true,
            LogMemorySize = "512m",
            IndexMemorySize = "16m",
        });
        server.Start();
    }

    /// <summary>The address of the server, as host:port.</summary>
    public string Connection { get; }

    public void Dispose() => server.Dispose();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
