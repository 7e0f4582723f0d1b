using System.Buffers.Binary;

namespace ILoRA.Streaming.Envelopes;

/// <summary>The envelopes that a topic's option names, and what to say of one that it does not.</summary>
internal sealed record EnvelopeOption(string Topic, IReadOnlySet<Envelope> Allowed)
{
    public bool Names(Envelope envelope) => Allowed.Contains(envelope);

    /// <summary>What the value is, and the option that lets it be read.</summary>
    public string Unread(Envelope found, ReadOnlySpan<byte> value)
    {
        if (found != Envelope.Confluent)
            return $"the value is {Unread(found)}";
        var framed = $"the value (schema id {BinaryPrimitives.ReadInt32BigEndian(value[1..])}) is in the";
        return EnvelopeShape.HoldsJson(value)
            ? $"{framed} {Unread(found)}"
            : $"{framed} Confluent wire format and holds no JSON: Avro and Protobuf cannot be read; let the producer use the JSON "
                + "Schema serializer"
                + (Names(found) ? "" : $", and set {Setting(found)}");
    }

    /// <summary>What an envelope is called, and the option that lets it be read.</summary>
    public string Unread(Envelope found) => found switch
    {
        Envelope.Confluent => "Confluent wire format",
        Envelope.Connect => "a row with its schema, as Kafka Connect's JSON converter writes it",
        Envelope.Debezium => "a change event of Debezium",
        _ => "a CloudEvent in structured mode",
    } + $"; set {Setting(found)} for all workers to read it";

    /// <summary>The option with this envelope among those that it names.</summary>
    public string Setting(Envelope found)
    {
        var names = string.Join(',', Allowed.Append(found).Distinct().Order().Select(EnvelopeSettings.Name));
        return $"{EnvelopeSettings.EnvelopesSetting(Topic)}={names}";
    }
}
