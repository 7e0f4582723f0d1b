using System.Text.Json;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>A member that has one of the names of an optional role, but is not the one that the sample's objects have for it.</summary>
internal sealed record LateMember(ColumnRole Role, string Name, JsonPath Path);

/// <summary>
/// Optional members may come late in a file, under any name that the sample's could have. They give a role that no object of the sample
/// had; one that the sample has under another name is not contradicted.
/// </summary>
/// <param name="kind">What the file is read for.</param>
/// <param name="sample">The names that the sample's objects have.</param>
/// <param name="chosen">The optional roles that are recognised by their names: which of the sample's names each has, or null.</param>
internal sealed class LateMembers(FileKind kind, IReadOnlyCollection<string> sample, IReadOnlyDictionary<ColumnRole, string?> chosen)
{
    /// <summary>Objects that are maps have names without end; those beyond are recognised anew each time.</summary>
    private const int MostNames = 10_000;

    private readonly Dictionary<string, LateMember?> names = new(StringComparer.Ordinal);

    /// <summary>The object's members of these roles, in its order.</summary>
    public IReadOnlyList<LateMember> In(JsonElement root)
    {
        List<LateMember>? found = null;
        foreach (var member in root.EnumerateObject())
            if (Of(member.Name) is { } late)
                (found ??= []).Add(late);
        return found ?? (IReadOnlyList<LateMember>)[];
    }

    /// <summary>Those of an object's members that give it a role.</summary>
    public IEnumerable<JsonPath> WaysTo(ColumnRole role, IReadOnlyList<LateMember> members)
        => members.Where(member => member.Role == role && chosen[role] is null).Select(member => member.Path);

    /// <summary>
    /// Why an object cannot be read: one of its members says something else than what was read of its role. Null where none does.
    /// </summary>
    public string? Conflict(JsonElement root, IReadOnlyList<LateMember> members, FileRecord record)
    {
        foreach (var member in members)
        {
            var read = record[member.Role];
            if (TextOf(root, member) is not { } text || SayTheSame(member.Role, text, read)
                || (read is not null && sample.Contains(member.Name)))
                continue;
            var other = chosen[member.Role] ?? members.First(each => each.Role == member.Role && TextOf(root, each) is not null).Name;
            var (word, where) =
                (member.Role.Word(), chosen[member.Role] is null ? $"'{other}' is '{read}'" : $"the first objects have '{other}' for it");
            return $"'{member.Name}' is '{text}', but {where}; say which is meant: --columns {word}={other}";
        }
        return null;
    }

    private LateMember? Of(string name)
    {
        if (names.TryGetValue(name, out var known))
            return known;
        var late = JsonNames.RoleOf(kind, name) is { } role && chosen.TryGetValue(role, out var first) && name != first
            ? new LateMember(role, name, JsonPath.Parse(name))
            : null;
        if (names.Count < MostNames)
            names.Add(name, late);
        return late;
    }

    /// <summary>Null where it says nothing; lists and objects are something else of the same name.</summary>
    private static string? TextOf(JsonElement root, LateMember member)
        => root.GetProperty(member.Name).ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)
            && member.Path.Value(root)?.Trim() is { Length: > 0 } text && !MissingValue.Is(text) ? text : null;

    private static bool SayTheSame(ColumnRole role, string text, string? read) => role switch
    {
        // What says nothing of it has not ended its sale.
        ColumnRole.Deleted => YesOrNo.Of(text) is { } isDeleted && isDeleted == (read is not null && YesOrNo.Of(read) == true),
        ColumnRole.Type when read is not null => ClickTypes.TryParse(text, out var type) && ClickTypes.TryParse(read, out var other)
            ? type == other
            : HeaderName.Plain(text) == HeaderName.Plain(read),
        _ => text == read,
    };
}
