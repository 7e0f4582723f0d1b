using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Json;

/// <summary>An id of the contract that has a type of its own: a string of 1 to 256 bytes of UTF-8.</summary>
public interface IId<TSelf>
    where TSelf : struct, IId<TSelf>
{
    string Value { get; }

    /// <exception cref="JsonException">The text breaks a rule that ids of this type have beside their length.</exception>
    static abstract TSelf Of(string value);
}

/// <summary>Reads and writes ids of one type.</summary>
public sealed class IdConverter<T> : IdConverterBase<T>
    where T : struct, IId<T>
{
    protected override T Create(string value) => T.Of(value);

    protected override string ValueOf(T id) => id.Value;
}

/// <summary>What is an id in JSON: a string of 1 to 256 bytes of UTF-8.</summary>
public abstract class IdConverterBase<T> : JsonConverter<T>
{
    // The schemas say maxLength 256, which counts code points: they let pass a few ids that this refuses.
    public const int MaxBytes = 256;

    protected abstract T Create(string value);

    protected abstract string ValueOf(T id);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException($"an id is a string of 1 to {MaxBytes} bytes, got {reader.TokenType}");
        return Create(Checked(ref reader));
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(ValueOf(value));

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Create(Checked(ref reader));

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(ValueOf(value));

    private static string Checked(ref Utf8JsonReader reader)
    {
        var value = reader.GetString()!;
        var bytes = reader.ValueIsEscaped ? Encoding.UTF8.GetByteCount(value) : reader.ValueSpan.Length;
        return bytes is >= 1 and <= MaxBytes ? value : throw new JsonException($"an id has 1 to {MaxBytes} bytes, got {bytes}");
    }
}

/// <summary>An id that has no type of its own.</summary>
internal sealed class IdTextConverter : IdConverterBase<string>
{
    protected override string Create(string value) => value;

    protected override string ValueOf(string id) => id;
}
