using System.CommandLine;
using System.CommandLine.Parsing;
using Confluent.Kafka;
using ILoRA.Streaming.Lifetime;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Local.CommandLine;

/// <summary>Parses and runs; bad usage and bad files end in one line.</summary>
internal static class CommandRunner
{
    public static async Task<int> RunAsync(RootCommand root, string[] args, TextWriter output, TextWriter error)
    {
        var parsed = root.Parse(args);
        if (parsed.Action is not { ClearsParseErrors: true } && parsed.Errors is [var mistake, ..])
            return Fail(error, ExitCode.BadInput, $"{OneLine(mistake.Message)} See 'ilora-local --help'.");
        try
        {
            // A graceful end commits, drains and sums up; the parser's default of two seconds would cut that short.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromSeconds(60),
            });
        }
        catch (Exception failure) when (failure is InvalidDataException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException
            or OptionsValidationException)
        {
            return Fail(error, ExitCode.BadInput, OneLine(failure.Message));
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or TimeoutException)
        {
            return Fail(error, ExitCode.Failed, OneLine(failure.Message));
        }
        catch (KafkaException failure)
        {
            return Fail(error, ExitCode.Failed, $"Kafka: {OneLine(failure.Error.Reason)}");
        }
        catch (RedisException failure)
        {
            return Fail(error, ExitCode.Failed, $"Redis: {OneLine(failure.Message)}");
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.') + ".";

    private static int Fail(TextWriter error, int code, string line)
    {
        error.WriteLine($"ilora-local: {line}");
        return code;
    }
}
