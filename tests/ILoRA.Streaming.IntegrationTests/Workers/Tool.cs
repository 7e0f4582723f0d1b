using System.Diagnostics;

namespace ILoRA.Streaming.IntegrationTests.Workers;

/// <summary>What a command-line program answered.</summary>
public sealed record ToolResult(int ExitCode, string Output, string Errors)
{
    public string Succeeded() => ExitCode == 0 ? Output : throw new InvalidOperationException($"Exit code {ExitCode}.\n{Output}\n{Errors}");
}

/// <summary>Runs command-line programs: ilora, kcat, Kafka's own tools.</summary>
public static class Tool
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task<ToolResult> RunAsync(string program, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null, string? input = null)
    {
        var start =
            new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input ?? "");
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{program} {string.Join(' ', start.ArgumentList)} ran longer than {Limit.TotalMinutes} "
                    + $"min.\n{await output}\n{await errors}");
        }
        return new ToolResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Where a program lies on the PATH, or null.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
