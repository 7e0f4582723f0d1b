using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Events;

/// <summary>The events of the contract as JSON: unknown fields pass, a missing or mistyped one is poison, nothing is null-filled.</summary>
public static class EventJson
{
    private static readonly JsonSerializerOptions Options = new(EventContext.Default.Options)
    {
        TypeInfoResolver = EventContext.Default.WithAddedModifier(RefuseNull),
        // Values are read by people on a terminal, never put into HTML: the relaxed encoder leaves é and & readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads one event.</summary>
    /// <exception cref="PoisonException">The value is not a valid event; the message says which field and why.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json)
        where T : class, IEvent
    {
        if (!Utf8.IsValid(json))
            throw new PoisonException("the value is not valid UTF-8");
        try
        {
            var value = JsonSerializer.Deserialize(json, Of<T>.Info) ?? throw new PoisonException("the value is null, not a JSON object");
            value.Check();
            return value;
        }
        catch (JsonException error)
        {
            throw new PoisonException(Reason(error), error);
        }
        catch (InvalidOperationException error)
        {
            // A lone surrogate such as \ud800, which no UTF-8 can hold.
            throw new PoisonException(error.Message, error);
        }
    }

    public static byte[] Write<T>(T value)
        where T : class, IEvent => JsonSerializer.SerializeToUtf8Bytes(value, Of<T>.Info);

    /// <summary>The names of an event's fields, and of those that it must have.</summary>
    internal static (IReadOnlyList<string> Known, IReadOnlySet<string> Required) Fields<T>()
        where T : class, IEvent =>
        ([.. Of<T>.Info.Properties.Select(field => field.Name)],
            Of<T>.Info.Properties.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet());

    /// <summary>An optional field may be absent, not null; a required one may be null where its type says so.</summary>
    private static void RefuseNull(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        foreach (var property in type.Properties)
            if (!property.IsRequired && property.Set is not null
                && (!property.PropertyType.IsValueType || Nullable.GetUnderlyingType(property.PropertyType) is not null))
                property.IsSetNullable = false;
    }

    // The framework's messages name our types and give us advice, which says nothing to whoever wrote the record.
    private static string Reason(JsonException error)
    {
        var message = error.Message;
        bool Says(string text) => message.Contains(text, StringComparison.Ordinal);
        var plain = message switch
        {
            _ when Says("missing required") => $"lacks {message[(message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..].TrimEnd('.')}",
            _ when Says("doesn't allow null") => "is null; leave out what is absent",
            _ when error.InnerException?.Message.Contains("UTF-16", StringComparison.Ordinal) == true => "holds half a surrogate pair",
            _ when Says("could not be converted") => "has the wrong type",
            _ when Says("Duplicate property") => "is there twice",
            _ => Says(" Path: $") ? message[..message.IndexOf(" Path: $", StringComparison.Ordinal)] : message,
        };
        return $"{error.Path ?? "$"}: {plain}";
    }

    private static class Of<T>
        where T : class
    {
        public static readonly JsonTypeInfo<T> Info = (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16,
    Converters = [typeof(TimeConverter), typeof(WholeConverter<int>), typeof(WholeConverter<long>), typeof(FloatConverter),
        typeof(DoubleConverter)])]
[JsonSerializable(typeof(ItemEvent))]
[JsonSerializable(typeof(ClickEvent))]
[JsonSerializable(typeof(SequenceEvent))]
[JsonSerializable(typeof(RecommendationEvent))]
[JsonSerializable(typeof(OutcomeEvent))]
[JsonSerializable(typeof(AdapterManifest))]
[JsonSerializable(typeof(RolloutPlan))]
internal sealed partial class EventContext : JsonSerializerContext;
