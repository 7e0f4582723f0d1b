using System.Collections;
using System.Runtime.CompilerServices;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;

namespace ILoRA.Streaming.Rules;

/// <summary>
/// Which items of a catalogue may be recommended: all but the deleted ones. Computed once for a catalogue; every ranker takes it, so that a
/// rule holds for all of them.
/// </summary>
public sealed class ListingMask
{
    private static readonly ConditionalWeakTable<Catalogue, ListingMask> Masks = [];

    private readonly Catalogue catalogue;
    private readonly BitArray allowed;

    private ListingMask(Catalogue catalogue)
    {
        this.catalogue = catalogue;
        allowed = new BitArray(catalogue.Count);
        for (var index = 0; index < catalogue.Count; index++)
            allowed[index] = !catalogue.Entries[index].Deleted;
    }

    /// <summary>The mask of a catalogue; it lives as long as the catalogue does.</summary>
    public static ListingMask Of(Catalogue catalogue) => Masks.GetValue(catalogue, known => new ListingMask(known));

    /// <summary>Whether the item at an index of the catalogue may be recommended.</summary>
    public bool Allows(int index) => allowed[index];

    /// <summary>Whether an item may be recommended; one that the catalogue does not hold may not.</summary>
    public bool Allows(ItemId item) => catalogue.PlaceOf(item) is >= 0 and var index && allowed[index];

    /// <summary>Sets the scores of the items that may not be recommended to negative infinity.</summary>
    /// <param name="scores">One for each item of the catalogue.</param>
    public void Apply(Span<float> scores)
    {
        for (var index = 0; index < scores.Length; index++)
            if (!allowed[index])
                scores[index] = float.NegativeInfinity;
    }

    /// <summary>The items that may be recommended, the newest first.</summary>
    public IEnumerable<ItemId> NewestFirst()
    {
        for (var index = catalogue.Count - 1; index >= 0; index--)
            if (allowed[index])
                yield return catalogue.Entries[index].Item;
    }
}
