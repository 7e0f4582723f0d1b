using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Lifetime;

/// <summary>How every program reports an exception that ended it: one line on standard error and an exit code.</summary>
/// <param name="Code">One of <see cref="ExitCode"/>.</param>
/// <param name="Message">One line for what users meet; with the stack trace for what only a defect of the program explains.</param>
public sealed partial record Failure(int Code, string Message)
{
    public static Failure Of(Exception exception) => new(CodeOf(exception), Describe(exception));

    private static int CodeOf(Exception exception) => exception switch
    {
        InvalidDataException or OptionsValidationException or FormatException or FileNotFoundException or DirectoryNotFoundException
            or UnauthorizedAccessException => ExitCode.BadInput,
        AggregateException several when several.InnerExceptions.All(inner => CodeOf(inner) == ExitCode.BadInput) => ExitCode.BadInput,
        _ when IsUnreadableSetting(exception) => ExitCode.BadInput,
        _ => ExitCode.Failed,
    };

    private static string Describe(Exception exception) => exception switch
    {
        AggregateException several => string.Join(' ', several.InnerExceptions.Select(Describe)),
        OptionsValidationException options => OneLine(string.Join(' ', options.Failures.Select(WithoutFrame))),
        KafkaException kafka => $"Kafka: {OneLine(kafka.Error.Reason)} ({kafka.Error.Code})",
        RedisException redis => $"Redis: {OneLine(redis.Message)}",
        _ when IsUnreadableSetting(exception) => UnreadableSetting(exception),
        InvalidDataException or IOException or UnauthorizedAccessException or TimeoutException or InvalidOperationException
            or FormatException =>
            OneLine(exception.Message),
        _ => exception.ToString(),
    };

    /// <summary>What the configuration binder throws for a value of another type.</summary>
    private static bool IsUnreadableSetting(Exception exception) =>
        exception is InvalidOperationException
            && exception.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal);

    private static string UnreadableSetting(Exception exception)
    {
        if (ConversionMessage().Match(exception.Message) is not { Success: true, Groups: var parts })
            return OneLine(exception.Message);
        var expected = parts["type"].Value switch
        {
            "Int16" or "Int32" or "Int64" => "a whole number",
            "Single" or "Double" or "Decimal" => "a number",
            "Boolean" => "true or false",
            "TimeSpan" => "a duration such as 00:00:05",
            _ when Enumeration(parts["full"].Value) is { } names => $"one of {names}",
            var type => $"a value of {type}",
        };
        return $"setting '{parts["path"].Value}' is '{parts["value"].Value}'; it must be {expected}.";
    }

    private static string? Enumeration(string type) => AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(type))
        .FirstOrDefault(found => found is { IsEnum: true }) is { } names ? string.Join(", ", Enum.GetNames(names)) : null;

    [GeneratedRegex(
        "^Failed to convert configuration value '(?<value>.*)' at '(?<path>[^']*)' to type '(?<full>(?:[^']*[.+])?(?<type>[^'.+]*))'",
        RegexOptions.CultureInvariant)]
    private static partial Regex ConversionMessage();

    /// <summary>Of "DataAnnotation validation failed for 'X' members: 'Y' with the error: 'Z'." the part that says what is wrong.</summary>
    private static string WithoutFrame(string failure)
    {
        const string Before = "with the error: '";
        var start = failure.IndexOf(Before, StringComparison.Ordinal);
        return start < 0 ? failure : failure[(start + Before.Length)..].TrimEnd('.', '\'') + ".";
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
