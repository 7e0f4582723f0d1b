using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Json;

/// <summary>RFC 3339 in UTC on output; input also takes Unix seconds or milliseconds as a number (CONTRACT).</summary>
public sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    // 1e11 seconds is the year 5138; 1e11 milliseconds is March 1973: a larger number can only be milliseconds.
    private const double FirstMillisecond = 1e11;
    private const double LastMillisecond = 253402300799999;

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return FromNumber(reader.GetDouble());
        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time) && HasOffset(ref reader))
            return time.ToUniversalTime();
        throw new JsonException($"a time is RFC 3339 with an offset, or Unix seconds or milliseconds, got {Shown(ref reader)}");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[33];
        var format = value.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";
        _ = value.UtcDateTime.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }

    private static DateTimeOffset FromNumber(double number)
    {
        var milliseconds = Math.Abs(number) >= FirstMillisecond ? number : number * 1000;
        return milliseconds is >= 0 and <= LastMillisecond
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds)
            : throw new JsonException($"{number.ToString(CultureInfo.InvariantCulture)} is not a time between 1970 and 9999");
    }

    private static bool HasOffset(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        return text.Length >= 20 && (text[^1] is (byte)'Z' or (byte)'z' || text[^6] is (byte)'+' or (byte)'-') && text[10] is (byte)'T' or (byte)'t';
    }

    private static string Shown(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? $"'{reader.GetString()}'" : reader.TokenType.ToString();
}
