using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>
/// A way to a value: names joined by dots; <c>items[]</c> goes through every element of a list, <c>event_params[page_id]</c> takes the
/// value of that key in a list of keys and values.
/// </summary>
internal sealed partial class JsonPath
{
    private readonly string text;

    private JsonPath(string text, IReadOnlyList<Member[]> steps)
    {
        (this.text, Steps) = (text, steps);
        Lists = [.. steps.SkipLast(1).Select((_, list) => string.Join('.', steps.Take(list + 1).SelectMany(step => step)))];
    }

    /// <summary>The members up to each list, in order, and after the last list to the value.</summary>
    private IReadOnlyList<Member[]> Steps { get; }

    /// <summary>The lists on the way, each as its path.</summary>
    public IReadOnlyList<string> Lists { get; }

    public string FirstName => Steps[0][0].Name;

    /// <exception cref="InvalidDataException">It is no path.</exception>
    public static JsonPath Parse(string text)
    {
        var steps = new List<Member[]>();
        var step = new List<Member>();
        foreach (var part in text.Split('.'))
        {
            if (Part().Match(part) is not { Success: true } match)
                throw new InvalidDataException($"'{text}' is no path to a JSON value; "
                    + "write names joined by dots, lists as items[].item_id, keyed values as event_params[page_id]");
            var (name, key) = (match.Groups["name"].Value, match.Groups["key"]);
            step.Add(new Member(name, key.Success ? key.Value : null, match.Groups["each"].Success));
            if (!step[^1].Each)
                continue;
            steps.Add([.. step]);
            step.Clear();
        }
        steps.Add([.. step]);
        return new JsonPath(text, steps);
    }

    /// <summary>The elements of list <paramref name="list"/> below the element of the list before it; none where it is absent.</summary>
    /// <exception cref="InvalidDataException">There is no list.</exception>
    public IEnumerable<JsonElement> Elements(JsonElement above, int list) => Find(above, list) switch
    {
        null or { ValueKind: JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.Array } found => found.EnumerateArray(),
        { } other => throw new InvalidDataException($"{Lists[list]} is {Kind(other)}, not a list"),
    };

    /// <summary>The value below an element of the last list; null where it is absent, null or blank.</summary>
    /// <exception cref="InvalidDataException">There is a list or an object.</exception>
    public string? Value(JsonElement above) => Found(above) switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { ValueKind: JsonValueKind.Array or JsonValueKind.Object } value
            => throw new InvalidDataException($"{text} is {Kind(value)}, not a value"),
        { } value => value.GetRawText(),
    };

    /// <summary>
    /// As <see cref="Value"/>, of an id: a number is its whole number's digits, so that 12, 12.0 and 1.2e1 are one id, as tools write it.
    /// </summary>
    /// <exception cref="InvalidDataException">There is a list, an object, a fraction or a truth value.</exception>
    public string? Id(JsonElement above) => Found(above) switch
    {
        { ValueKind: JsonValueKind.Number } number => Digits(number.GetRawText()),
        { ValueKind: JsonValueKind.True or JsonValueKind.False } value
            => throw new InvalidDataException($"{text} is {value.GetRawText()}, not an id; write ids as texts or whole numbers"),
        _ => Value(above),
    };

    public override string ToString() => text;

    /// <summary>Of a list of values itself, such as tags[], the element.</summary>
    private JsonElement? Found(JsonElement above) => Steps[^1].Length == 0 ? above : Find(above, Steps.Count - 1);

    private string Digits(string number)
    {
        if (number.All(char.IsAsciiDigit))
            return number;
        return decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && decimal.Truncate(value) == value
            ? value.ToString("0", CultureInfo.InvariantCulture)
            : throw new InvalidDataException($"{text} is {number}, not a whole number; write ids as texts or whole numbers");
    }

    private JsonElement? Find(JsonElement above, int step)
    {
        JsonElement? found = above;
        foreach (var member in Steps[step])
        {
            if (found is not { ValueKind: JsonValueKind.Object } parent || !parent.TryGetProperty(member.Name, out var child))
                return null;
            found = member.Key is { } key ? ValueOf(child, key) : child;
        }
        return found;
    }

    /// <summary>In [{"key": ..., "value": {"int_value": ...}}], as BigQuery exports them; the value may be plain too.</summary>
    private static JsonElement? ValueOf(JsonElement list, string key)
    {
        if (list.ValueKind != JsonValueKind.Array)
            return null;
        var pair = list.EnumerateArray().FirstOrDefault(pair => IsOf(pair, key));
        if (pair.ValueKind != JsonValueKind.Object || !pair.TryGetProperty("value", out var value))
            return null;
        return value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().Select(typed => typed.Value).FirstOrDefault(typed => typed.ValueKind is not JsonValueKind.Null)
            : value;
    }

    private static bool IsOf(JsonElement pair, string key)
        => pair.ValueKind == JsonValueKind.Object && pair.TryGetProperty("key", out var name)
            && name.ValueKind == JsonValueKind.String && name.ValueEquals(key);

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => $"'{value.GetRawText()}'",
    };

    [GeneratedRegex(@"^(?<name>[^\[\]]+)(?:(?<each>\[\])|\[(?<key>[^\[\]]+)\])?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Part();

    private readonly record struct Member(string Name, string? Key, bool Each)
    {
        public override string ToString() => Each ? $"{Name}[]" : Key is null ? Name : $"{Name}[{Key}]";
    }
}
