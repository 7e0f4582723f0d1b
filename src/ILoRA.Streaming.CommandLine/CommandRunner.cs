using System.CommandLine;
using System.CommandLine.Parsing;
using Confluent.Kafka;
using ILoRA.Streaming.Lifetime;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

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
        catch (Exception failure)
        {
            return Fail(error, CodeOf(failure), $"{UsageErrors.NameOf(parsed.CommandResult)}: {Describe(failure)}");
        }
    }

    private static int CodeOf(Exception failure) => failure switch
    {
        UsageException or InvalidDataException or OptionsValidationException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => ExitCode.BadInput,
        _ => ExitCode.Failed,
    };

    /// <summary>One line for what users meet; the whole trace for what only a defect of this program explains.</summary>
    private static string Describe(Exception failure) => failure switch
    {
        UsageException or InvalidDataException or OptionsValidationException or IOException or UnauthorizedAccessException or TimeoutException or InvalidOperationException => OneLine(failure.Message),
        KafkaException kafka => $"Kafka: {OneLine(kafka.Error.Reason)} ({kafka.Error.Code})",
        RedisException redis => $"Redis: {OneLine(redis.Message)}",
        _ => failure.ToString(),
    };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");

    private static int Fail(TextWriter error, int code, string line)
    {
        error.WriteLine(line);
        return code;
    }
}
