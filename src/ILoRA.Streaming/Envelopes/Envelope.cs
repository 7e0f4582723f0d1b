using System.Text.Json;

namespace ILoRA.Streaming.Envelopes;

/// <summary>What other tools wrap an event in, by the names of the option <c>Kafka:Envelopes</c> (in lower case).</summary>
public enum Envelope
{
    /// <summary>Confluent's wire format: a zero byte, the schema's id in four bytes, then JSON.</summary>
    Confluent,

    /// <summary>Kafka Connect's JSON converter with schemas: <c>schema</c> and <c>payload</c>, which is a row.</summary>
    Connect,

    /// <summary>A change of a row: <c>op</c>, <c>before</c> and <c>after</c>, with or without Kafka Connect's wrapper.</summary>
    Debezium,

    /// <summary>CloudEvents in structured mode: the event is <c>data</c>.</summary>
    CloudEvents,
}

/// <summary>Tells envelopes by their shape.</summary>
internal static class EnvelopeShape
{
    /// <summary>Bytes before the content of Confluent's wire format.</summary>
    public const int FrameBytes = 5;

    public static bool IsFramed(ReadOnlySpan<byte> value) => value.Length > FrameBytes && value[0] == 0;

    /// <summary>Whether a framed value is a JSON object, and no Avro or Protobuf.</summary>
    public static bool HoldsJson(ReadOnlySpan<byte> value) => value[FrameBytes..].TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    /// <returns>Null where the bytes are none, or no JSON.</returns>
    public static Envelope? Of(ReadOnlyMemory<byte> value)
    {
        if (IsFramed(value.Span))
            return Envelope.Confluent;
        try
        {
            using var document = JsonDocument.Parse(value);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static Envelope? Of(JsonElement value) => value switch
    {
        { ValueKind: not JsonValueKind.Object } => null,
        _ when IsConnect(value) => IsChange(value.GetProperty("payload")) ? Envelope.Debezium : Envelope.Connect,
        _ when IsChange(value) => Envelope.Debezium,
        _ when Has(value, "specversion") && (Has(value, "data") || Has(value, "type")) => Envelope.CloudEvents,
        _ => null,
    };

    public static bool IsConnect(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && Has(value, "schema") && Has(value, "payload");

    private static bool IsChange(JsonElement value) => value.ValueKind == JsonValueKind.Object
        && value.TryGetProperty("op", out var op) && op.ValueKind == JsonValueKind.String && (Has(value, "after") || Has(value, "before"));

    private static bool Has(JsonElement value, string property) => value.TryGetProperty(property, out _);
}
