using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Clicks;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Outcomes;
using ILoRA.Streaming.Recommendations;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.Sequences;

namespace ILoRA.Streaming.Json;

/// <summary>The events of the contract as JSON: unknown fields pass, a missing or mistyped one is poison, nothing is null-filled.</summary>
public static partial class EventJson
{
    // Values are read by people on a terminal, never put into HTML: the relaxed encoder leaves é and & readable.
    private static readonly EventContext Context = new(new JsonSerializerOptions(EventContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Reads one event.</summary>
    /// <exception cref="PoisonException">The value is not a valid event; the message says which field and why.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json)
        where T : class
    {
        if (!Utf8.IsValid(json))
            throw new PoisonException("the value is not valid UTF-8");
        try
        {
            var value = JsonSerializer.Deserialize(json, Of<T>.Info) ?? throw new PoisonException("the value is null, not a JSON object");
            EventRules.Check(value);
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
        where T : class => JsonSerializer.SerializeToUtf8Bytes(value, Of<T>.Info);

    // "JSON deserialization for type 'ILoRA...ClickEvent' was missing required properties including: 'user'." and its like: the type is of no use to the reader.
    private static string Reason(JsonException error)
    {
        var text = ForType().Replace(error.Message, "the event");
        var end = text.IndexOf(" Path: $", StringComparison.Ordinal);
        return $"{error.Path ?? "$"}: {(end < 0 ? text : text[..end])}";
    }

    [GeneratedRegex("JSON deserialization for type '[^']*'")]
    private static partial Regex ForType();

    private static class Of<T>
        where T : class
    {
        public static readonly JsonTypeInfo<T> Info = (JsonTypeInfo<T>?)Context.GetTypeInfo(typeof(T)) ?? throw new ArgumentException($"{typeof(T).Name} is no event.");
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16,
    Converters = [typeof(TimeConverter), typeof(WholeConverter<int>), typeof(WholeConverter<long>), typeof(FloatConverter), typeof(DoubleConverter)])]
[JsonSerializable(typeof(ItemEvent))]
[JsonSerializable(typeof(ClickEvent))]
[JsonSerializable(typeof(SequenceEvent))]
[JsonSerializable(typeof(RecommendationEvent))]
[JsonSerializable(typeof(OutcomeEvent))]
[JsonSerializable(typeof(AdapterManifest))]
[JsonSerializable(typeof(RolloutPlan))]
internal sealed partial class EventContext : JsonSerializerContext;
