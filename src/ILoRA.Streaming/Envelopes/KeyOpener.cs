using System.Text;
using System.Text.Json;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Envelopes;

/// <summary>Reads the id in a key: the key itself, or the column of the JSON object that Kafka Connect makes of a table's key.</summary>
internal sealed class KeyOpener(EnvelopeOption option, RowFields fields)
{
    private const string Field = "item";

    /// <exception cref="PoisonException">It is an object and no option says so, or none of its several columns is the item's.</exception>
    public string Open(ReadOnlyMemory<byte> key)
    {
        var framed = EnvelopeShape.IsFramed(key.Span);
        if (framed && !option.Names(Envelope.Confluent))
            throw new PoisonException($"the key is in the {option.Unread(Envelope.Confluent)}");
        if (framed)
            key = key[EnvelopeShape.FrameBytes..];
        var text = Encoding.UTF8.GetString(key.Span);
        if (text is not ['{', ..] && (text is not ['"', ..] || option.Allowed.Count == 0))
            return text;
        try
        {
            using var document = JsonDocument.Parse(key);
            return Open(document.RootElement, text);
        }
        catch (JsonException)
        {
            return text;   // an id may begin like JSON
        }
        catch (InvalidOperationException error)
        {
            throw new PoisonException($"the key holds no id: {error.Message}", error);   // half a surrogate pair
        }
    }

    private string Open(JsonElement key, string text)
    {
        if (option.Allowed.Count == 0)
        {
            var setting = option.Setting(Envelope.Debezium);
            throw new PoisonException($"the key is the JSON object {text}, as connectors write a table's key; "
                + $"set {setting} (or connect) for all workers to read it");
        }
        if (EnvelopeShape.IsConnect(key))
            key = key.GetProperty("payload");
        if (key.ValueKind != JsonValueKind.Object)
            return RowFields.Id(key, "key");
        var item = fields.Columns[Field];
        if (key.TryGetProperty(item, out var own))
            return RowFields.Id(own, item);
        return key.EnumerateObject().ToArray() is [var only]
            ? RowFields.Id(only.Value, only.Name)
            : throw new PoisonException($"the key {text} has no '{item}'; "
                + $"let the connector make it of the item's column alone (message.key.columns), or name that by {fields.Setting}:{Field}");
    }
}
