using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Items;

/// <summary>Gathers item events and makes catalogues of them; any thread may ask for the current one.</summary>
public sealed class CatalogueBuilder
{
    private static readonly Dictionary<string, string> NoAttributes = [];
    private readonly Lock gate = new();
    private readonly List<CatalogueEntry> entries = [];
    private readonly Dictionary<ItemId, int> places = [];
    private Catalogue current = Catalogue.Empty;
    private long revision;

    /// <summary>Copied only when something changed since it was last asked for.</summary>
    public Catalogue Current
    {
        get
        {
            lock (gate)
            {
                if (current.Revision != revision)
                    current = new([.. entries], new(places), revision);
                return current;
            }
        }
    }

    public void Apply(ItemEvent item)
    {
        lock (gate)
            Set(new(item.Item, item.Title, item.Attributes ?? NoAttributes, item.Time, item.Deleted ?? false));
    }

    /// <summary>An item whose record was erased: it stays as a deleted one.</summary>
    public void Remove(ItemId item)
    {
        lock (gate)
        {
            if (places.TryGetValue(item, out var place))
                Set(entries[place] with { Deleted = true });
        }
    }

    private void Set(CatalogueEntry entry)
    {
        if (places.TryAdd(entry.Item, entries.Count))
            entries.Add(entry);
        else
            entries[places[entry.Item]] = entry;
        revision++;
    }
}
