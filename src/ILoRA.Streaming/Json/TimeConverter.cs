using System.Text.Json;
using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Json;

/// <summary>
/// Times: RFC 3339 in UTC on output; input also takes another offset, or Unix seconds, milliseconds or microseconds as a number.
/// </summary>
public sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    // In microseconds, one day short of the years' ends, so that no offset leads out of what the schemas allow.
    private const decimal End = 253_402_214_400_000_000m;

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetDecimal(out var number) => FromUnix(number),
            JsonTokenType.String
                when Rfc3339.TryParse(reader.ValueIsEscaped ? System.Text.Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan,
                    out var time) => time,
            JsonTokenType.Number or JsonTokenType.String =>
                throw new JsonException(
                    "must be an RFC 3339 time such as 2026-01-31T12:00:00Z, or Unix seconds, milliseconds or microseconds"),
            _ => throw new JsonException("must be a time, as a string or a number"),
        };

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Rfc3339.MaxBytes];
        writer.WriteStringValue(text[..Rfc3339.Format(value, text)]);
    }

    private static DateTimeOffset FromUnix(decimal number)
    {
        if (number < 0 || number >= End)
            throw new JsonException("must be Unix seconds, milliseconds or microseconds of the years 1970 to 9999");
        return DateTimeOffset.UnixEpoch.AddTicks((long)(number * UnixUnits.OfMagnitude(number).Ticks()));
    }
}
