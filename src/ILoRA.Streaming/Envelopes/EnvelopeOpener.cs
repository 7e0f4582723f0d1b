using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Envelopes;

/// <summary>
/// Takes envelopes off, in whatever order they lie around each other; a value without any is taken as it is, and one that the option
/// does not name is refused by name. <paramref name="named"/> says that columns were named.
/// </summary>
internal sealed class EnvelopeOpener(EnvelopeOption option, RowFields fields, bool named)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="PoisonException">An envelope is not named by the option, or holds no event.</exception>
    public RecordPayload Open(ReadOnlyMemory<byte> value)
    {
        var framed = EnvelopeShape.IsFramed(value.Span);
        if (framed)
        {
            if (!option.Names(Envelope.Confluent) || !EnvelopeShape.HoldsJson(value.Span))
                throw new PoisonException(option.Unread(Envelope.Confluent, value.Span));
            value = value[EnvelopeShape.FrameBytes..];
        }
        if (!Utf8.IsValid(value.Span))
            throw new PoisonException("the value is not valid UTF-8");
        try
        {
            using var document = JsonDocument.Parse(value, Strict);
            // Beside rows in envelopes, a topic may hold plain events: what `ilora items import` sent before the connector came.
            return Open(document.RootElement, bare: !framed, isRow: named && (framed || option.Allowed.Count == 0));
        }
        catch (JsonException)
        {
            return new(value.ToArray(), Bare: !framed);   // the event's reader says why it is none
        }
        catch (InvalidOperationException error)
        {
            throw new PoisonException(error.Message, error);   // half a surrogate pair such as \ud800
        }
    }

    private RecordPayload Open(JsonElement value, bool bare, bool isRow)
    {
        if (EnvelopeShape.Of(value) is not { } found)
            return new(isRow ? fields.Event(value) : JsonMarshal.GetRawUtf8Value(value).ToArray(), bare && !isRow);
        if (!option.Names(found))
            throw new PoisonException($"the value is {option.Unread(found)}");
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
        "t" => throw new PoisonException(
            "a change event of Debezium says that the table was emptied (op 't'), which names no row; send each row's deletion"),
        var other => throw new PoisonException($"a change event of Debezium has op '{other}'; known are c, r, u and d"),
    };

    private byte[] After(JsonElement change) => change.TryGetProperty("after", out var row) && row.ValueKind == JsonValueKind.Object
        ? fields.Event(row)
        : throw new PoisonException("a change event of Debezium has no row in 'after'");

    private RecordPayload OpenCloudEvent(JsonElement value)
    {
        if (value.TryGetProperty("datacontenttype", out var type) && type.GetString() is { } media && !IsJson(media))
            throw new PoisonException($"a CloudEvent holds {media}; only JSON can be read");
        if (value.TryGetProperty("data", out var data))
            return Open(data, bare: false, isRow: named);
        return value.TryGetProperty("data_base64", out var packed) && packed.TryGetBytesFromBase64(out var bytes)
            ? Open(bytes)
            : throw new PoisonException("a CloudEvent has no data");
    }

    private static bool IsJson(string media) => media.Split(';')[0].TrimEnd().EndsWith("json", StringComparison.OrdinalIgnoreCase);
}
