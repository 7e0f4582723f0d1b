using System.Text.Json;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>Optional members that no object of the sample had: they may come late in a file, under any name that the sample's could have.</summary>
/// <param name="kind">What the file is read for.</param>
/// <param name="roles">Those that are looked for.</param>
internal sealed class LateMembers(FileKind kind, IReadOnlyCollection<ColumnRole> roles)
{
    /// <summary>Objects that are maps have names without end; those beyond are recognised anew each time.</summary>
    private const int MostNames = 10_000;

    private readonly Dictionary<string, (ColumnRole Role, JsonPath Path)?> names = new(StringComparer.Ordinal);

    /// <summary>The object's members of these roles, in its order.</summary>
    public IReadOnlyList<(ColumnRole Role, JsonPath Path)> In(JsonElement root)
    {
        List<(ColumnRole, JsonPath)>? found = null;
        foreach (var member in root.EnumerateObject())
            if (Of(member.Name) is { } late)
                (found ??= []).Add(late);
        return found ?? (IReadOnlyList<(ColumnRole, JsonPath)>)[];
    }

    private (ColumnRole Role, JsonPath Path)? Of(string name)
    {
        if (names.TryGetValue(name, out var known))
            return known;
        (ColumnRole, JsonPath)? late = JsonNames.RoleOf(kind, name) is { } role && roles.Contains(role) ? (role, JsonPath.Parse(name)) : null;
        if (names.Count < MostNames)
            names.Add(name, late);
        return late;
    }
}
