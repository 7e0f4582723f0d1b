using Microsoft.Extensions.Configuration;

namespace ILoRA.Streaming.Configuration;

/// <summary>Refuses settings that no program reads, such as misspelt ones, which would otherwise be ignored.</summary>
public static class UnknownSettings
{
    /// <param name="configuration">All that was given.</param>
    /// <param name="sections">The sections that this program reads.</param>
    /// <exception cref="InvalidDataException">A setting is not known; the message names the nearest one.</exception>
    public static void Refuse(IConfiguration configuration, IReadOnlyCollection<SettingsSection> sections)
    {
        var known = sections.SelectMany(SettingNames.Of).ToArray();
        var read = sections.Select(section => section.Root).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (path, value) in configuration.AsEnumerable())
        {
            if (value is null || IsKnown(path, known, read))
                continue;
            throw new InvalidDataException($"unknown setting '{path}' ('{value}'){Remedy(path, known)}");
        }
    }

    private static bool IsKnown(string path, string[] known, HashSet<string> read)
    {
        var root = path.Split(':')[0];
        if (!read.Contains(root))
            return SettingsSection.AllRoots.Contains(root, StringComparer.OrdinalIgnoreCase);
        return Array.Exists(known, name => name.EndsWith(SettingNames.Any, StringComparison.Ordinal)
            ? path.StartsWith(name[..^1], StringComparison.OrdinalIgnoreCase)
            : path.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private static string Remedy(string path, string[] known)
    {
        if (Nearest(path, known) is { } near)
            return $"; did you mean '{near}'?";
        var parts = path.Split(':', 2);
        if (!SettingsSection.AllRoots.Contains(parts[0], StringComparer.OrdinalIgnoreCase))
            return Nearest(parts[0], SettingsSection.AllRoots) is { } section
                ? $"; did you mean '{string.Join(':', [section, .. parts.Skip(1)])}'?"
                : $"; the sections are {string.Join(", ", SettingsSection.AllRoots)}";
        var own =
            known.Where(name => name.StartsWith($"{parts[0]}:", StringComparison.OrdinalIgnoreCase)).Select(name => name.Split(':', 2)[1]);
        return $"; the settings of {parts[0]} are {string.Join(", ", own)}";
    }

    /// <summary>The start of the path stays the user's where only the entries of a dictionary follow.</summary>
    private static string? Nearest(string path, IEnumerable<string> known)
    {
        var parts = path.Split(':');
        var names = known.Select(name => name.EndsWith($":{SettingNames.Any}", StringComparison.Ordinal) ? Entry(name, parts) : name);
        return NearestName.Of(path, names.OfType<string>());
    }

    private static string? Entry(string dictionary, string[] parts)
    {
        var depth = dictionary.Split(':').Length - 1;
        return parts.Length > depth ? string.Join(':', [dictionary[..^2], .. parts[depth..]]) : null;
    }
}
