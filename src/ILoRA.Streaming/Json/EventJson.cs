using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Clicks;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Outcomes;
using ILoRA.Streaming.Recommendations;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.Sequences;

namespace ILoRA.Streaming.Json;

/// <summary>The events of the contract as JSON: unknown fields pass, a missing or mistyped one is poison, nothing is null-filled.</summary>
public static class EventJson
{
    /// <summary>Reads one event.</summary>
    /// <exception cref="PoisonException">The value is not a valid event; the message says which field and why.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json)
        where T : class
    {
        try
        {
            var value = JsonSerializer.Deserialize(json, TypeInfo<T>()) ?? throw new PoisonException("the value is null, not a JSON object");
            EventRules.Check(value);
            return value;
        }
        catch (JsonException error)
        {
            throw new PoisonException(Reason(error), error);
        }
        catch (InvalidOperationException error)
        {
            // Utf8JsonReader reports invalid UTF-8 and lone surrogates so.
            throw new PoisonException(error.Message, error);
        }
    }

    public static byte[] Write<T>(T value)
        where T : class => JsonSerializer.SerializeToUtf8Bytes(value, TypeInfo<T>());

    private static JsonTypeInfo<T> TypeInfo<T>()
        where T : class => (JsonTypeInfo<T>?)EventContext.Default.GetTypeInfo(typeof(T)) ?? throw new ArgumentException($"{typeof(T).Name} is no event.");

    private static string Reason(JsonException error) =>
        error.Path is { Length: > 1 } path ? $"{path}: {error.Message}" : error.Message;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16,
    Converters = [typeof(TimeConverter)])]
[JsonSerializable(typeof(ItemEvent))]
[JsonSerializable(typeof(ClickEvent))]
[JsonSerializable(typeof(SequenceEvent))]
[JsonSerializable(typeof(RecommendationEvent))]
[JsonSerializable(typeof(OutcomeEvent))]
[JsonSerializable(typeof(AdapterManifest))]
[JsonSerializable(typeof(RolloutPlan))]
internal sealed partial class EventContext : JsonSerializerContext;
