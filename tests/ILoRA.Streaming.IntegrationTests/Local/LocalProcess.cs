using System.Collections.Concurrent;
using System.Diagnostics;
using ILoRA.Streaming.IntegrationTests.Workers;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Local;

/// <summary>A running <c>ilora-local</c> with embedded servers, as a user starts it.</summary>
public sealed class LocalProcess : IAsyncDisposable
{
    private const string Address = "Kafka ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("ilora-local-test-");
    private readonly ConcurrentQueue<string> lines = new();
    private readonly Process process;

    private LocalProcess(string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start =
            new ProcessStartInfo(Programs.Of("ILoRA.Streaming.Local"),
                [.. arguments, "--data", data.FullName])
            { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        process.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The embedded Kafka's address, as the first line of the output names it.</summary>
    public string Bootstrap => lines.First(line => line.StartsWith(Address, StringComparison.Ordinal))[Address.Length..].Split(',')[0];

    public string Output => string.Join('\n', lines);

    public static async Task<LocalProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var local = new LocalProcess(arguments, environment);
        await Eventually.Holds("ilora-local names its Kafka",
            () => local.process.HasExited || local.lines.Any(line => line.StartsWith(Address, StringComparison.Ordinal)), StartLimit,
            () => local.Output);
        return local.process.HasExited
            ? throw new InvalidOperationException($"ilora-local ended with exit code {local.process.ExitCode}.\n{local.Output}") : local;
    }

    /// <summary>Asks the program to end, as an operator does; returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        (await Tool.RunAsync("kill", ["-TERM", $"{process.Id}"])).Succeeded();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        data.Delete(recursive: true);
    }
}
