using System.Runtime.InteropServices;
using System.Text.Json;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Envelopes;

/// <summary>
/// Which column of a row is which field of an event. Whole numbers become ids, 0 and 1 become <c>deleted</c>, and a null column is an
/// absent field.
/// </summary>
/// <param name="Setting">The option that names the columns.</param>
/// <param name="Columns">Column by field.</param>
/// <param name="Required">Fields that an event must have.</param>
internal sealed record RowFields(string Setting, IReadOnlyDictionary<string, string> Columns, IReadOnlySet<string> Required)
{
    private static readonly HashSet<string> Ids = ["user", "item", "id", "session", "recommendation"];

    /// <summary>The row as the JSON of an event.</summary>
    /// <exception cref="PoisonException">A column is missing, or holds no id.</exception>
    public byte[] Event(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
            throw new PoisonException($"a row is a JSON object, got {row.ValueKind}");
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            foreach (var (field, column) in Columns)
                Write(json, field, column, row);
            json.WriteEndObject();
        }
        return memory.ToArray();
    }

    /// <summary>A column's value as an id.</summary>
    /// <exception cref="PoisonException">It is neither a string nor a whole number.</exception>
    public static string Id(JsonElement value, string column) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number when value.GetRawText() is var digits && digits.All(digit => digit is '-' or (>= '0' and <= '9')) => digits,
        _ => throw new PoisonException($"column '{column}' is {value.GetRawText()}; an id is a string or a whole number"),
    };

    private static string Filled(JsonElement row) =>
        string.Join(", ", from column in row.EnumerateObject() where column.Value.ValueKind != JsonValueKind.Null select column.Name);

    private void Write(Utf8JsonWriter json, string field, string column, JsonElement row)
    {
        if (!row.TryGetProperty(column, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            if (Required.Contains(field))
            {
                throw new PoisonException(
                    $"the row has no '{column}' for {field}, it has {Filled(row)}; name the column by {Setting}:{field}");
            }
            return;
        }
        json.WritePropertyName(field);
        if (Ids.Contains(field))
            json.WriteStringValue(Id(value, column));
        else if (field == "deleted" && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var flag) && flag is 0 or 1)
            json.WriteBooleanValue(flag == 1);
        else
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value));
    }
}
