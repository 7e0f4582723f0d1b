using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Envelopes;

/// <summary>The options <c>Kafka:Envelopes</c> and <c>Kafka:Fields</c> of the topics that sites write.</summary>
internal static class EnvelopeSettings
{
    public const string Items = "items", Clicks = "clicks";

    // The options stand in the section of Kafka, which is built on this folder and hence cannot be named from here.
    private const string EnvelopesOption = "Kafka:Envelopes", FieldsOption = "Kafka:Fields";

    private static readonly Dictionary<string, (IReadOnlyList<string> Known, IReadOnlySet<string> Required)> Topics =
        new(StringComparer.OrdinalIgnoreCase)
        {
            [Items] = EventJson.Fields<ItemEvent>(),
            [Clicks] = EventJson.Fields<ClickEvent>(),
        };

    private static readonly string[] Names = [.. Enum.GetValues<Envelope>().Select(Name)];

#pragma warning disable CA1308 // the names of the option are lower case
    public static string Name(Envelope envelope) => envelope.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>What is wrong with the options, each with the names that are known.</summary>
    /// <param name="envelopes">Names of envelopes, by comma, by topic.</param>
    /// <param name="fields">Column by field, by topic.</param>
    public static IEnumerable<string> Mistakes(
        IReadOnlyDictionary<string, string> envelopes, IReadOnlyDictionary<string, Dictionary<string, string>> fields)
    {
        foreach (var (topic, names) in envelopes)
        {
            if (!Topics.ContainsKey(topic))
                yield return $"{EnvelopesSetting(topic)}: envelopes are read on {Listed(Topics.Keys)} alone.";
            foreach (var name in Split(names).Where(name => !Names.Contains(name, StringComparer.OrdinalIgnoreCase)))
                yield return $"{EnvelopesSetting(topic)}: '{name}' is no envelope; known are {Listed(Names)}.";
        }
        foreach (var (topic, columns) in fields)
            foreach (var mistake in FieldMistakes(topic, columns))
                yield return mistake;
    }

    public static EnvelopeOption Envelopes(IReadOnlyDictionary<string, string> envelopes, string topic) =>
        new(topic, Split(envelopes.GetValueOrDefault(topic, "")).Select(Parsed).ToHashSet());

    /// <summary>The columns that were named, and those alone; where none was, each field's is called as itself.</summary>
    public static RowFields Fields(IReadOnlyDictionary<string, Dictionary<string, string>> fields, string topic)
    {
        var (known, required) = Topics[topic];
        var columns = fields.GetValueOrDefault(topic) is { Count: > 0 } named
            ? named.ToDictionary(column => known.Single(field => Same(field, column.Key)), column => column.Value)
            : known.ToDictionary(field => field);
        return new($"{FieldsOption}:{topic}", columns, required);
    }

    public static string EnvelopesSetting(string topic) => $"{EnvelopesOption}:{topic}";

    private static IEnumerable<string> FieldMistakes(string topic, Dictionary<string, string> columns)
    {
        var setting = $"{FieldsOption}:{topic}";
        if (!Topics.TryGetValue(topic, out var fields))
        {
            yield return $"{setting}: columns are named for {Listed(Topics.Keys)} alone.";
            yield break;
        }
        foreach (var (field, column) in columns)
        {
            if (!fields.Known.Contains(field, StringComparer.OrdinalIgnoreCase))
                yield return $"{setting}:{field}: {topic} have no such field; known are {Listed(fields.Known)}.";
            else if (string.IsNullOrWhiteSpace(column))
                yield return $"{setting}:{field} names no column.";
        }
        if (fields.Required.Where(field => !columns.Keys.Any(named => Same(field, named))).ToArray() is { Length: > 0 } missing)
            yield return $"{setting} names no column for {Listed(missing)}; where it names any, it names all that are read.";
    }

    private static Envelope Parsed(string name) => Enum.Parse<Envelope>(name, ignoreCase: true);

    private static bool Same(string field, string named) => field.Equals(named, StringComparison.OrdinalIgnoreCase);

    private static string[] Split(string names) => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names);
}
