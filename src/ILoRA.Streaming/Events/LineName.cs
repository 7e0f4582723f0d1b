using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Events;

/// <summary>
/// An adapter line: versions that descend from each other. Its name is part of records' keys (line/version), Redis keys, versions' names
/// and routes, so it has fewer characters than other ids.
/// </summary>
[JsonConverter(typeof(IdConverter<LineName>))]
public readonly record struct LineName : IId<LineName>
{
    // A version is an id of at most 256 bytes that begins with its line.
    private const int MaxLength = 200, MaxShown = 80;
    private static readonly SearchValues<char> Legal =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <exception cref="InvalidDataException">The text cannot name a line.</exception>
    public LineName(string value) => Value = Mistake(value) is { } mistake ? throw new InvalidDataException(mistake) : value;

    public string Value { get; }

    /// <returns>Why the text cannot name a line, and what can; null where it can.</returns>
    public static string? Mistake(string text)
    {
        if (text.Length is >= 1 and <= MaxLength && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(Legal))
            return null;
        var shown = text.Length > MaxShown ? $"{text[..MaxShown]}..." : text;
        return $"'{shown}' cannot name a line: give 1 to {MaxLength} of A-Z a-z 0-9 . _ -, "
            + "of which the first is a letter or a digit (e.g. online)";
    }

    static LineName IId<LineName>.Of(string value) => Mistake(value) is { } mistake ? throw new JsonException(mistake) : new(value);

    public override string ToString() => Value;
}
