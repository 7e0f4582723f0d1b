using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>Finds what the members of JSON objects mean by their names.</summary>
internal static class JsonNames
{
    /// <param name="file">The file's name, for a message.</param>
    /// <param name="kind">What the file is read for.</param>
    /// <param name="names">The members seen.</param>
    /// <param name="given">What the user named, or the format has; no path where a role is not to be read.</param>
    /// <exception cref="InvalidDataException">A required member is not found, or two could be it.</exception>
    public static JsonMapping Recognise(
        string file, FileKind kind, IReadOnlyList<string> names, IReadOnlyDictionary<ColumnRole, JsonPath[]> given)
    {
        var paths = new Dictionary<ColumnRole, JsonPath[]>(given);
        foreach (var found in names.Where(name => RoleOf(kind, name) is not null).GroupBy(name => RoleOf(kind, name)!.Value))
        {
            if (paths.ContainsKey(found.Key))
                continue;
            var chosen = ColumnAliases.Foremost(found.Key, [.. found]);
            if (chosen.Count > 1)
                throw new InvalidDataException($"{file}: {string.Join(" and ", chosen)} could each be the {found.Key.Word()}; "
                    + $"say which: --columns {found.Key.Word()}={chosen[0]}.");
            paths[found.Key] = [JsonPath.Parse(chosen[0])];
        }
        // What is optional may come late in the file, under any of its names, or never.
        var recognised =
            Optional(kind).Where(role => !given.ContainsKey(role))
                .ToDictionary(role => role, role => paths.GetValueOrDefault(role)?[0].FirstName);
        foreach (var role in recognised.Where(role => role.Value is null))
            paths[role.Key] = [JsonPath.Parse(role.Key.Word())];
        foreach (var role in ColumnAliases.Required(kind).Where(role => paths.GetValueOrDefault(role) is not [_, ..]))
            throw new InvalidDataException($"{file}: no member is known to be the {role.Word()}; it has {string.Join(", ", names)}; "
                + $"known names are {string.Join(", ", ColumnAliases.Of(kind)[role])}; "
                + $"say which it is: --columns {role.Word()}=NAME (a path such as items[].item_id also does).");
        return new JsonMapping(paths) { Late = new LateMembers(kind, names.ToHashSet(StringComparer.Ordinal), recognised) };
    }

    /// <summary>A format's members, but for roles that the objects have the product's own name of: that one is read.</summary>
    public static Dictionary<ColumnRole, JsonPath[]> OwnFirst(IReadOnlyDictionary<ColumnRole, JsonPath[]> format,
        IReadOnlyList<string> names)
        => format.ToDictionary(role => role.Key,
            role => names.FirstOrDefault(name => ColumnAliases.IsOwn(role.Key, name)) is { } own ? [JsonPath.Parse(own)] : role.Value);

    /// <summary>Items take the time of an event by its own name only.</summary>
    private static IEnumerable<ColumnRole> Optional(FileKind kind)
        => ColumnAliases.Of(kind).Keys.Append(ColumnRole.Time).Except(ColumnAliases.Required(kind));

    /// <summary>A name with a dot or a bracket is no path.</summary>
    internal static ColumnRole? RoleOf(FileKind kind, string name)
        => name.AsSpan().ContainsAny('.', '[', ']')
            ? null
            : ColumnAliases.RoleOf(kind, name) ?? (kind == FileKind.Items && name == "time" ? ColumnRole.Time : null);
}
