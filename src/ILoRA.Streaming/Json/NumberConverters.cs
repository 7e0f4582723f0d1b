using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Json;

/// <summary>Whole numbers as JSON Schema counts them: 3.0 and 3e0 are whole too.</summary>
public sealed class WholeConverter<T> : JsonConverter<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number)
            throw new JsonException("must be a whole number");
        if (reader.TryGetInt64(out var whole) && whole >= long.CreateChecked(T.MinValue) && whole <= long.CreateChecked(T.MaxValue))
            return T.CreateTruncating(whole);
        if (reader.TryGetDecimal(out var number) && decimal.IsInteger(number) && number >= decimal.CreateChecked(T.MinValue)
            && number <= decimal.CreateChecked(T.MaxValue))
            return T.CreateTruncating(number);
        throw new JsonException($"must be a whole number of {T.MinValue} to {T.MaxValue}");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(long.CreateTruncating(value));
}

/// <summary>Single-precision numbers; the framework's reader would turn 1e99 into infinity.</summary>
public sealed class FloatConverter : JsonConverter<float>
{
    public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var value) && float.IsFinite(value)
            ? value : throw new JsonException("must be a finite number");

    public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>Double-precision numbers; the framework's reader would turn 1e999 into infinity.</summary>
public sealed class DoubleConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value)
            ? value : throw new JsonException("must be a finite number");

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
