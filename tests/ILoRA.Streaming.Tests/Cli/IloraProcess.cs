using System.Diagnostics;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Cli;

/// <summary>Runs the built <c>ilora</c> as a user does.</summary>
internal static class IloraProcess
{
    internal sealed record Result(int Code, string Output, string Error);

    /// <summary>The host that was built in the same configuration as these tests.</summary>
    public static string Binary { get; } = Path.Combine(
        Repository.PathOf("src", "ILoRA.Streaming.Cli", "bin"), new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0",
        "linux-x64", "ilora");

    public static Task<Result> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    /// <param name="environment">Variables beside those of the tests.</param>
    /// <param name="arguments">The command line.</param>
    public static async Task<Result> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Binary), $"{Binary} is not built");
        var start =
            new ProcessStartInfo(Binary,
                arguments)
            { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var cancel = TestContext.Current.CancellationToken;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        return new Result(process.ExitCode, await output, await error);
    }
}
