using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Sequences;

/// <summary>Writes sequence events directly from the stored bytes. Not thread-safe.</summary>
public sealed class SequenceWriter(bool times) : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new(4 * 1024);
    private readonly Utf8JsonWriter json =
        new(Stream.Null, new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    private static readonly JsonEncodedText User = JsonEncodedText.Encode("user"), Items = JsonEncodedText.Encode("items"),
        Time = JsonEncodedText.Encode("time"),
        Source = JsonEncodedText.Encode("source"), Topic = JsonEncodedText.Encode("topic"), Partition = JsonEncodedText.Encode("partition"),
        Offset = JsonEncodedText.Encode("offset"), Place = JsonEncodedText.Encode("place"), Times = JsonEncodedText.Encode("times"),
        Sessions = JsonEncodedText.Encode("sessions");

    /// <summary>
    /// The event's JSON. <paramref name="place"/> is a late click's among the sequence's (see <see cref="SequenceEvent.Place"/>); the rest
    /// is where it lies in Kafka.
    /// </summary>
    public byte[] Write(string user, Sequence sequence, int? place, string topic, int partition, long offset)
    {
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteString(User, user);
        json.WriteStartArray(Items);
        foreach (var entry in sequence)
            json.WriteStringValue(entry.Item);
        json.WriteEndArray();
        WriteTime(Time, sequence.NewestTime);
        json.WriteStartObject(Source);
        json.WriteString(Topic, topic);
        json.WriteNumber(Partition, partition);
        json.WriteNumber(Offset, offset);
        json.WriteEndObject();
        if (place is { } late)
            json.WriteNumber(Place, late);
        if (times)
            WriteDetails(sequence);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private void WriteDetails(Sequence sequence)
    {
        var sessions = false;
        json.WriteStartArray(Times);
        foreach (var entry in sequence)
        {
            WriteTime(null, entry.Time);
            sessions |= !entry.Session.IsEmpty;
        }
        json.WriteEndArray();
        if (!sessions)
            return;
        json.WriteStartArray(Sessions);
        foreach (var entry in sequence)
            json.WriteStringValue(entry.Session);
        json.WriteEndArray();
    }

    private void WriteTime(JsonEncodedText? name, long milliseconds)
    {
        Span<byte> text = stackalloc byte[24];
        var time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        time.UtcDateTime.TryFormat(text, out var length, Rfc3339.Milliseconds, CultureInfo.InvariantCulture);
        if (name is { } property)
            json.WriteString(property, text[..length]);
        else
            json.WriteStringValue(text[..length]);
    }

    public void Dispose() => json.Dispose();
}
