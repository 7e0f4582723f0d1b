using System.Text.Json;
using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Json;

/// <summary>
/// An enumeration by its members' names in lower case, exactly (the one of the framework also takes other cases and numbers).
/// </summary>
public sealed class NameConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private readonly (string Name, T Value)[] members = [.. Enum.GetValues<T>().Select(value => (Lower(value), value))];

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("must be a string");
        foreach (var (name, value) in members)
            if (reader.ValueTextEquals(name))
                return value;
        throw new JsonException($"must be one of {string.Join(", ", members.Select(member => member.Name))}");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Lower(value));

#pragma warning disable CA1308 // the names on the wire are lower case
    private static string Lower(T value) => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
