using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Envelopes;

/// <summary>What happened to the row that a record tells of.</summary>
internal enum RowChange
{
    Added,
    Updated,
    Deleted,
}

/// <summary>What was in the envelopes.</summary>
/// <param name="Json">The event; empty for a deleted row.</param>
/// <param name="Bare">It lay in no envelope.</param>
/// <param name="Change">What happened to a row; an event is added.</param>
/// <param name="Operation">Debezium's name of that.</param>
internal readonly record struct RecordPayload(byte[] Json, bool Bare = false, RowChange Change = RowChange.Added, string Operation = "");

/// <summary>Takes envelopes off, in whatever order they lie around each other; a value without any is taken as it is, and one that the option does not name is refused by name.</summary>
internal sealed class EnvelopeOpener(string topic, IReadOnlySet<Envelope> allowed, RowFields fields, bool named)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Whether a value is the event itself.</summary>
    public bool IsPlain => allowed.Count == 0 && !named;

    /// <exception cref="PoisonException">An envelope is not named by the option, or holds no event.</exception>
    public RecordPayload Open(ReadOnlyMemory<byte> value)
    {
        var framed = EnvelopeShape.IsFramed(value.Span);
        if (framed)
        {
            if (!allowed.Contains(Envelope.Confluent) || !HoldsJson(value.Span))
                throw new PoisonException(Unread(Envelope.Confluent, value.Span));
            value = value[EnvelopeShape.FrameBytes..];
        }
        if (!Utf8.IsValid(value.Span))
            throw new PoisonException("the value is not valid UTF-8");
        try
        {
            using var document = JsonDocument.Parse(value, Strict);
            // Beside rows in envelopes, a topic may hold plain events: what `ilora items import` sent before the connector came.
            return Open(document.RootElement, bare: !framed, isRow: named && (framed || allowed.Count == 0));
        }
        catch (JsonException)
        {
            return new(value.ToArray(), Bare: !framed);   // the event's reader says why it is none
        }
        catch (InvalidOperationException error)
        {
            // Half a surrogate pair such as \ud800.
            throw new PoisonException(error.Message, error);
        }
    }

    /// <summary>The id in a key: the key itself, or the value of the JSON object that Kafka Connect makes of a table's key.</summary>
    /// <exception cref="PoisonException">The key is an object, and no option says so, or it has several columns of which none is the item's.</exception>
    public string Key(ReadOnlyMemory<byte> key)
    {
        var framed = EnvelopeShape.IsFramed(key.Span);
        if (framed && allowed.Contains(Envelope.Confluent))
            key = key[EnvelopeShape.FrameBytes..];
        else if (framed)
            throw new PoisonException($"the key is in the {Unread(Envelope.Confluent)}");
        var text = Encoding.UTF8.GetString(key.Span);
        if (text is not ['{' or '"', ..] || (text[0] == '"' && allowed.Count == 0))
            return text;
        try
        {
            using var document = JsonDocument.Parse(key, Strict);
            return Key(document.RootElement, text);
        }
        catch (JsonException)
        {
            return text;   // an id may begin like JSON
        }
        catch (InvalidOperationException error)
        {
            throw new PoisonException($"the key holds no id: {error.Message}", error);
        }
    }

    /// <summary>What the value is, and the option that lets it be read.</summary>
    public string Unread(Envelope found, ReadOnlySpan<byte> value) => found != Envelope.Confluent ? $"the value is {Unread(found)}"
        : HoldsJson(value) ? $"the value (schema id {BinaryPrimitives.ReadInt32BigEndian(value[1..])}) is in the {Unread(found)}"
        : $"the value (schema id {BinaryPrimitives.ReadInt32BigEndian(value[1..])}) is in the Confluent wire format and holds no JSON: Avro and Protobuf cannot be read; "
            + $"let the producer use the JSON Schema serializer, and set {Option(found)}";

    private string Unread(Envelope found) => found switch
    {
        Envelope.Confluent => "Confluent wire format",
        Envelope.Connect => "a row with its schema, as Kafka Connect's JSON converter writes it",
        Envelope.Debezium => "a change event of Debezium",
        _ => "a CloudEvent in structured mode",
    } + $"; set {Option(found)} for all workers to read it";

    private string Option(Envelope found) =>
        $"{EnvelopeSettings.Setting(nameof(KafkaOptions.Envelopes), topic)}={string.Join(',', allowed.Append(found).Order().Select(EnvelopeSettings.Name))}";

    private RecordPayload Open(JsonElement value, bool bare, bool isRow)
    {
        if (EnvelopeShape.Of(value) is not { } found)
            return new(isRow ? fields.Event(value) : JsonMarshal.GetRawUtf8Value(value).ToArray(), bare && !isRow);
        if (!allowed.Contains(found))
            throw new PoisonException($"the value is {Unread(found)}");
        return found switch
        {
            Envelope.Connect => Open(value.GetProperty("payload"), bare: false, isRow: true),
            Envelope.Debezium => OpenChange(EnvelopeShape.IsConnect(value) ? value.GetProperty("payload") : value),
            _ => OpenCloudEvent(value),
        };
    }

    private RecordPayload OpenChange(JsonElement change) => change.GetProperty("op").GetString() switch
    {
        "c" or "r" => new(After(change)),
        "u" => new(After(change), Change: RowChange.Updated, Operation: "u"),
        "d" => new([], Change: RowChange.Deleted, Operation: "d"),
        "t" => throw new PoisonException("a change event of Debezium says that the table was emptied (op 't'), which names no row; send each row's deletion"),
        var other => throw new PoisonException($"a change event of Debezium has op '{other}'; known are c, r, u and d"),
    };

    private byte[] After(JsonElement change) => change.TryGetProperty("after", out var row) && row.ValueKind == JsonValueKind.Object
        ? fields.Event(row)
        : throw new PoisonException("a change event of Debezium has no row in 'after'");

    private RecordPayload OpenCloudEvent(JsonElement value)
    {
        if (value.TryGetProperty("datacontenttype", out var type) && type.GetString() is { } media && !media.Split(';')[0].TrimEnd().EndsWith("json", StringComparison.OrdinalIgnoreCase))
            throw new PoisonException($"a CloudEvent holds {media}; only JSON can be read");
        if (value.TryGetProperty("data", out var data))
            return Open(data, bare: false, isRow: named);
        return value.TryGetProperty("data_base64", out var packed) && packed.TryGetBytesFromBase64(out var bytes)
            ? Open(bytes)
            : throw new PoisonException("a CloudEvent has no data");
    }

    private string Key(JsonElement key, string text)
    {
        if (allowed.Count == 0)
            throw new PoisonException($"the key is the JSON object {text}, as connectors write a table's key; set {Option(Envelope.Debezium)} (or connect) for all workers to read it");
        if (EnvelopeShape.IsConnect(key))
            key = key.GetProperty("payload");
        if (key.ValueKind != JsonValueKind.Object)
            return RowFields.Id(key, "key");
        var item = fields.Columns[EnvelopeSettings.KeyField];
        if (key.TryGetProperty(item, out var own))
            return RowFields.Id(own, item);
        var columns = key.EnumerateObject().ToArray();
        return columns.Length == 1
            ? RowFields.Id(columns[0].Value, columns[0].Name)
            : throw new PoisonException($"the key {text} has no '{item}'; let the connector make it of the item's column alone (message.key.columns), or name that by {fields.Setting}:{EnvelopeSettings.KeyField}");
    }

    private static bool HoldsJson(ReadOnlySpan<byte> value) => value[EnvelopeShape.FrameBytes..].TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
}
