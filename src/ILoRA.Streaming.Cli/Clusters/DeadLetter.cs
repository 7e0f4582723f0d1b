using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Letters = ILoRA.Streaming.Kafka.DeadLetters;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>A record that a worker put aside, with what its <c>dl_*</c> headers say.</summary>
/// <param name="Record">As it lies in the dead letters.</param>
internal sealed record DeadLetter(ConsumeResult<byte[], byte[]> Record)
{
    private const string HeaderPrefix = "dl_";

    public string? Topic => Header(Letters.Topic);
    public string? Reason => Header(Letters.Reason);
    public string? Worker => Header(Letters.Worker);
    public string? Time => Header(Letters.Time);

    /// <summary>Where it came from: topic-partition@offset.</summary>
    public string Origin =>
        string.Create(CultureInfo.InvariantCulture, $"{Topic ?? "?"}-{Header(Letters.Partition) ?? "?"}@{Header(Letters.Offset) ?? "?"}");

    /// <summary>Partition and offset where it came from; null where the headers do not say.</summary>
    public (int Partition, long Offset)? Place => int.TryParse(Header(Letters.Partition), CultureInfo.InvariantCulture, out var partition)
        && long.TryParse(Header(Letters.Offset), CultureInfo.InvariantCulture, out var offset) ? (partition, offset) : null;

    public string Text => Record.Message.Value is { } value ? Encoding.UTF8.GetString(value) : "(null)";

    /// <summary>The record as it was before, with <paramref name="value"/> in place of its own.</summary>
    public Message<byte[], byte[]> Original(byte[] key, byte[] value)
    {
        var headers = new Headers();
        foreach (var header in Record.Message.Headers.Where(header => !header.Key.StartsWith(HeaderPrefix, StringComparison.Ordinal)))
            headers.Add(header.Key, header.GetValueBytes());
        return new Message<byte[], byte[]> { Key = key, Value = value, Headers = headers };
    }

    private string? Header(string name) =>
        Record.Message.Headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
