using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Items;

/// <summary>
/// All items as of one moment, immutable. An item's place never changes: new items are appended and deleted ones keep theirs, so a place
/// found in one catalogue is valid in every later one of the process.
/// </summary>
public sealed class Catalogue
{
    private readonly CatalogueEntry[] entries;
    private readonly Dictionary<ItemId, int> places;

    internal Catalogue(CatalogueEntry[] entries, Dictionary<ItemId, int> places, long revision)
    {
        this.entries = entries;
        this.places = places;
        Revision = revision;
    }

    public static Catalogue Empty { get; } = new([], [], 0);

    /// <summary>Counts up with every change.</summary>
    public long Revision { get; }

    /// <summary>With the deleted ones.</summary>
    public int Count => entries.Length;

    /// <summary>In the order in which they were first seen.</summary>
    public IReadOnlyList<CatalogueEntry> Entries => entries;

    /// <returns>The item's place, or -1 where it is unknown.</returns>
    public int PlaceOf(ItemId item) => places.TryGetValue(item, out var place) && place < entries.Length ? place : -1;

    public CatalogueEntry? Find(ItemId item) => PlaceOf(item) is >= 0 and var place ? entries[place] : null;

    public string? TitleOf(ItemId item) => Find(item)?.Title;
}

/// <summary>One item; a changed one is another object, so equal references mean an equal title.</summary>
/// <param name="Item">Its id.</param>
/// <param name="Title">As last heard.</param>
/// <param name="Attributes">Empty where it has none.</param>
/// <param name="Time">The event time of the last change, where the site gave one.</param>
/// <param name="Deleted">Keeps its title for histories and is never recommended.</param>
public sealed record CatalogueEntry(ItemId Item, string Title, IReadOnlyDictionary<string, string> Attributes, DateTimeOffset? Time,
    bool Deleted);
