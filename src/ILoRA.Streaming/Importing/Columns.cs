namespace ILoRA.Streaming.Importing;

/// <summary>Which column holds what: by the header's names, else by place.</summary>
internal sealed class Columns
{
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["userid"] = "user",
        ["user_id"] = "user",
        ["customer"] = "user",
        ["customerid"] = "user",
        ["itemid"] = "item",
        ["item_id"] = "item",
        ["movieid"] = "item",
        ["id_item"] = "item",
        ["timestamp"] = "time",
        ["ts"] = "time",
        ["unix"] = "time",
        ["name"] = "title",
    };

    private readonly Dictionary<string, int> places;

    private Columns(IEnumerable<string> names)
        => places = names.Select((name, place) => (name: Canonical(name), place)).DistinctBy(pair => pair.name, StringComparer.OrdinalIgnoreCase).ToDictionary(pair => pair.name, pair => pair.place, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, int> Places => places;

    /// <summary>Null where the line does not name all of <paramref name="needed"/>: then it is data.</summary>
    public static Columns? FromHeader(IReadOnlyList<string> line, params ReadOnlySpan<string> needed)
    {
        var columns = new Columns(line);
        foreach (var name in needed)
            if (!columns.places.ContainsKey(name))
                return null;
        return columns;
    }

    public static Columns ByPlace(params string[] names) => new(names);

    public string Id(DelimitedFile.Row row, string name) => row.Id(places[name], name);

    public DateTimeOffset Time(DelimitedFile.Row row) => row.Time(places["time"]);

    public string? Optional(DelimitedFile.Row row, string name)
        => places.TryGetValue(name, out var place) && place < row.Fields.Length && row.Fields[place].Length > 0 ? row.Fields[place] : null;

    private static string Canonical(string name)
    {
        var trimmed = name.Trim().TrimStart('\uFEFF');
        return Aliases.GetValueOrDefault(trimmed, trimmed);
    }
}
