using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Workers;

/// <summary>
/// One worker as the operating system runs it: started from its built program, ready by its health endpoint, stopped by SIGTERM or killed.
/// </summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    const int Terminate = 15;
    const int LastLines = 60;
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    readonly ProcessStartInfo start;
    readonly int port;
    readonly ConcurrentQueue<string> log = new();
    Process? process;

    /// <summary>A service of docker-compose.yml, on the given servers instead of the compose network's.</summary>
    public WorkerProcess(string service, string bootstrap, string redis, IReadOnlyDictionary<string, string> environment)
    {
        Name = service;
        port = FreePort();
        var (program, arguments) = Programs.OfService(service, bootstrap, redis, port);
        start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
    }

    public string Name { get; }

    public bool Running => process is { HasExited: false };

    /// <summary>It was started and has ended since.</summary>
    public bool Ended => process is { HasExited: true };

    /// <summary>The last lines that the worker wrote, over all its starts.</summary>
    public string Log => string.Join('\n', log);

    public async Task StartAsync()
    {
        log.Enqueue($"--- {Name} starts");
        process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.Holds($"{Name} is ready", IsReadyAsync, StartLimit, () => $"exited: {process.HasExited}; log:\n{Log}");
    }

    /// <summary>SIGTERM: the worker finishes and commits what it holds; its exit code is returned.</summary>
    public async Task<int> StopAsync()
    {
        if (process is not { } running)
            return 0;
        if (!running.HasExited)
            Signal(running.Id, Terminate);
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await running.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} did not stop within {StopLimit.TotalSeconds} s of SIGTERM; log:\n{Log}");
        }
        return running.ExitCode;
    }

    /// <summary>SIGKILL: no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Running)
            await KillAsync();
        process?.Dispose();
    }

    async Task<bool> IsReadyAsync()
    {
        if (process!.HasExited)
            throw new InvalidOperationException($"{Name} ended with exit code {process.ExitCode} before it was ready; log:\n{Log}");
        try
        {
            using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{port}/health/ready"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    void Keep(string? line)
    {
        if (line is null)
            return;
        log.Enqueue(line);
        while (log.Count > LastLines)
            log.TryDequeue(out _);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static void Signal(int pid, int signal)
    {
        if (kill(pid, signal) != 0)
            throw new InvalidOperationException($"kill({pid}, {signal}) failed with error {Marshal.GetLastPInvokeError()}.");
    }

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int kill(int pid, int signal);
}
