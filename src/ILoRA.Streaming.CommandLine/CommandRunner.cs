using System.CommandLine;
using ILoRA.Streaming.Lifetime;

namespace ILoRA.Streaming.CommandLine;

/// <summary>Parses, runs and turns every way to fail into one line and an exit code.</summary>
public static class CommandRunner
{
    public static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var parsed = root.Parse(args.Count == 0 && root.Action is null ? ["--help"] : args);
        if (UsageErrors.Describe(parsed) is { } mistake)
            return Fail(error, ExitCode.BadInput, $"{UsageErrors.NameOf(parsed.CommandResult)}: {mistake}");
        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                // A graceful end commits, drains and sums up; the default of two seconds would cut that short.
                ProcessTerminationTimeout = TimeSpan.FromSeconds(60),
            };
            return await parsed.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception exception)
        {
            var failure = exception is UsageException ? new Failure(ExitCode.BadInput, exception.Message) : Failure.Of(exception);
            return Fail(error, failure.Code, $"{UsageErrors.NameOf(parsed.CommandResult)}: {failure.Message}");
        }
    }

    private static int Fail(TextWriter error, int code, string line)
    {
        error.WriteLine(line);
        return code;
    }
}
