using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace ILoRA.Streaming.Configuration;

/// <summary>
/// Keeps environments apart that share servers: put before every topic, consumer group and Redis key (setting <c>Namespace</c>).
/// </summary>
public sealed partial record StreamNamespace
{
    public const string Setting = "Namespace";

    // A topic name has at most 249 characters; this leaves room for the longest name that follows.
    private const int MaxLength = 200;

    /// <exception cref="InvalidDataException">The text cannot be part of a topic's name.</exception>
    public StreamNamespace(string value)
    {
        if (value.Length > MaxLength || !Legal().IsMatch(value))
            throw new InvalidDataException(
                $"{Setting} '{value}' cannot begin a topic's name: give at most {MaxLength} of A-Z a-z 0-9 . _ - (e.g. eu.).");
        Value = value;
    }

    /// <summary>Nothing before the names.</summary>
    public static StreamNamespace None { get; } = new("");

    public string Value { get; }

    /// <summary>The configured namespace; none by default.</summary>
    /// <exception cref="InvalidDataException">It is not legal.</exception>
    public static StreamNamespace Of(IConfiguration configuration) => new(configuration[Setting] ?? "");

    public override string ToString() => Value;

    [GeneratedRegex(@"^[A-Za-z0-9._-]*\z")]
    private static partial Regex Legal();
}
