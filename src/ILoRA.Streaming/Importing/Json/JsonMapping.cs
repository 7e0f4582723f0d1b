using System.Text.Json;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>Where in an object a click or an item lies; an object with a list of items is one of each.</summary>
internal sealed class JsonMapping
{
    private readonly Dictionary<ColumnRole, JsonPath[]> paths;

    /// <summary>The path through most lists: the others' lists are among its.</summary>
    private readonly JsonPath deepest;

    /// <param name="paths">By role; of several paths the first with a value counts, a role without a path is not read.</param>
    /// <exception cref="InvalidDataException">Two paths go through different lists: which elements belong together is not
    /// known.</exception>
    public JsonMapping(IReadOnlyDictionary<ColumnRole, JsonPath[]> paths)
    {
        this.paths = paths.Where(pair => pair.Value.Length > 0).ToDictionary();
        var all = paths.Values.SelectMany(path => path).ToArray();
        deepest = all.MaxBy(path => path.Lists.Count)!;
        if (all.FirstOrDefault(path => !deepest.Lists.Take(path.Lists.Count).SequenceEqual(path.Lists)) is { } strange)
            throw new InvalidDataException($"'{deepest}' and '{strange}' go through different lists; take both from one list");
    }

    /// <summary>Finds optional members that come late in a file; null where none is looked for.</summary>
    public LateMembers? Late { get; init; }

    public IReadOnlyDictionary<ColumnRole, string> Columns
        => paths.ToDictionary(pair => pair.Key, pair => string.Join(" or ", pair.Value.AsEnumerable()));

    /// <summary>What an object holds; attributes of an element are those that <paramref name="attributes"/> takes from it.</summary>
    public IEnumerable<FileRecord> Records(JsonElement root, long line, Func<JsonElement, JsonAttributes>? attributes = null)
        => Below([root], line, attributes);

    private IEnumerable<FileRecord> Below(JsonElement[] above, long line, Func<JsonElement, JsonAttributes>? attributes)
    {
        if (above.Length > deepest.Lists.Count)
            return [Record(above, line, attributes)];
        try
        {
            return deepest.Elements(above[^1], above.Length - 1).SelectMany(element => Below([.. above, element], line, attributes));
        }
        catch (InvalidDataException wrong)
        {
            return [new FileRecord(line) { Problem = wrong.Message }];
        }
    }

    private FileRecord Record(JsonElement[] above, long line, Func<JsonElement, JsonAttributes>? attributes)
    {
        string? At(JsonPath way, ColumnRole role) => role.IsId() ? way.Id(above[way.Lists.Count]) : way.Value(above[way.Lists.Count]);
        IReadOnlyList<LateMember> late = [];
        IEnumerable<JsonPath> Ways(ColumnRole role) => !paths.TryGetValue(role, out var ways) ? []
            : late.Count == 0 ? ways : ways.Concat(Late!.WaysTo(role, late));
        string? Of(ColumnRole role) => Ways(role).Select(way => At(way, role)).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
        try
        {
            late = Late?.In(above[0]) ?? [];
            var taken = attributes?.Invoke(above[^1]);
            var record = FileRecord.Of(line, Of) with { Attributes = taken?.Texts, AttributesLeftOut = taken?.LeftOut ?? 0 };
            return late.Count > 0 && Late!.Conflict(above[0], late, record) is { } conflict
                ? new FileRecord(line) { Problem = conflict } : record;
        }
        catch (Exception wrong) when (wrong is InvalidDataException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair, which no text can hold.
            return new FileRecord(line) { Problem = wrong.Message };
        }
    }
}
