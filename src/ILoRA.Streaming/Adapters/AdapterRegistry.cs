using System.Collections.Immutable;
using System.Globalization;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Adapters;

/// <summary>The manifests known, as one immutable value.</summary>
public sealed class AdapterRegistry
{
    private readonly ImmutableDictionary<string, AdapterManifest> manifests;

    private AdapterRegistry(ImmutableDictionary<string, AdapterManifest> manifests) => this.manifests = manifests;

    public static AdapterRegistry Empty { get; } = new(ImmutableDictionary.Create<string, AdapterManifest>(StringComparer.Ordinal));

    public int Count => manifests.Count;

    public IEnumerable<AdapterManifest> Manifests => manifests.Values;

    public IReadOnlyList<LineName> Lines =>
        [.. manifests.Values.Select(manifest => manifest.Line).Distinct().OrderBy(line => line.Value, StringComparer.Ordinal)];

    public AdapterRegistry With(AdapterManifest manifest) => new(manifests.SetItem(manifest.Key, manifest));

    /// <param name="key">line/version, the record's key.</param>
    public AdapterRegistry Without(string key) => new(manifests.Remove(key));

    public AdapterManifest? Find(LineName line, AdapterVersion version) => manifests.GetValueOrDefault($"{line}/{version}");

    /// <summary>A line's versions, oldest first: by time of creation, then by name.</summary>
    public IReadOnlyList<AdapterManifest> Versions(LineName line) => [.. ByAge(manifests.Values, line)];

    public AdapterManifest? Newest(LineName line) => Newest(manifests.Values, line);

    /// <summary>The line's newest version among <paramref name="manifests"/>; null where they hold none of it.</summary>
    public static AdapterManifest? Newest(IEnumerable<AdapterManifest> manifests, LineName line) => ByAge(manifests, line).LastOrDefault();

    /// <summary>The name of the line's next version: <c>line-000004</c> after <c>line-000003</c>.</summary>
    public AdapterVersion Next(LineName line)
    {
        var last =
            manifests.Values.Where(manifest => manifest.Line == line).Select(manifest => NumberOf(manifest.Version)).DefaultIfEmpty(0)
                .Max();
        return new(string.Create(CultureInfo.InvariantCulture, $"{line}-{last + 1:D6}"));
    }

    /// <summary>
    /// The version and what it descends from, newest first, as far as it is known; a line may descend from another's version.
    /// </summary>
    public IReadOnlyList<AdapterManifest> Lineage(AdapterManifest manifest)
    {
        var lineage = new List<AdapterManifest> { manifest };
        while (lineage[^1].Parent is { } parent && Parent(lineage[^1].Line, parent) is { } known && !lineage.Contains(known))
            lineage.Add(known);
        return lineage;
    }

    /// <summary>The parts that no manifest names any more once <paramref name="retired"/> are gone.</summary>
    public IReadOnlyList<SnapshotPart> Unreferenced(IReadOnlyCollection<AdapterManifest> retired)
    {
        var kept =
            manifests.Values.Except(retired).SelectMany(manifest => manifest.Parts.Values).Select(part => part.Sha256)
                .ToHashSet(StringComparer.Ordinal);
        return [.. retired.SelectMany(manifest => manifest.Parts.Values).DistinctBy(part => part.Sha256)
            .Where(part => !kept.Contains(part.Sha256))];
    }

    private static IOrderedEnumerable<AdapterManifest> ByAge(IEnumerable<AdapterManifest> manifests, LineName line) =>
        manifests.Where(manifest => manifest.Line == line)
            .OrderBy(manifest => manifest.Created).ThenBy(manifest => manifest.Version.Value, StringComparer.Ordinal);

    private static int NumberOf(AdapterVersion version) =>
        int.TryParse(version.Value.AsSpan(version.Value.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture,
            out var number) ? number : 0;

    private AdapterManifest? Parent(LineName line, AdapterVersion parent) =>
        Find(line, parent) ?? manifests.Values.FirstOrDefault(manifest => manifest.Version == parent);
}
