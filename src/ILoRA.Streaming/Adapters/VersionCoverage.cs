using System.Globalization;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Model.Encoders;

namespace ILoRA.Streaming.Adapters;

/// <summary>
/// How much of a shop a version knows. It can rank for a history only by items that its encoder has a row for; a version that was
/// fitted on another catalogue leaves every user with the fallback list.
/// </summary>
/// <param name="Items">Items of the catalogue, without deleted ones.</param>
/// <param name="ItemsKnown">Those of them that the version has a row for.</param>
/// <param name="Clicked">Items that were clicked recently, each once.</param>
/// <param name="ClickedKnown">Those of them that the version has a row for.</param>
public sealed record VersionCoverage(int Items, int ItemsKnown, int Clicked, int ClickedKnown)
{
    /// <summary>Below this share of either the version is warned of.</summary>
    public const double Least = 0.5;

    /// <summary>Share of the catalogue's items that are known; null where the catalogue is empty.</summary>
    public double? ItemShare => Share(ItemsKnown, Items);

    /// <summary>Share of the recently clicked items that are known; null where nothing was clicked.</summary>
    public double? ClickedShare => Share(ClickedKnown, Clicked);

    public bool IsLow => ItemShare < Least || ClickedShare < Least;

    /// <param name="known">The items that the version has rows for.</param>
    /// <param name="catalogue">Items that can be recommended, each once.</param>
    /// <param name="clicked">What was clicked recently; repeats count once.</param>
    public static VersionCoverage Of(ItemTable known, IEnumerable<ItemId> catalogue, IEnumerable<ItemId> clicked)
    {
        var (items, itemsKnown) = Count(known, catalogue);
        var (distinct, distinctKnown) = Count(known, clicked.Distinct());
        return new(items, itemsKnown, distinct, distinctKnown);
    }

    /// <summary>What to tell the operator about <paramref name="version"/>; null where it knows enough.</summary>
    public string? Warning(string version) => IsLow
        ? $"{version} knows {Counted(ItemsKnown, Items)} items of the catalogue and {Counted(ClickedKnown, Clicked)} recently clicked "
            + "items; users whose histories it does not know get the fallback list. Fit a version on this catalogue and these clicks."
        : null;

    private static string Counted(int known, int all) => string.Create(CultureInfo.InvariantCulture, $"{known:N0} of {all:N0}");

    private static double? Share(int known, int all) => all == 0 ? null : (double)known / all;

    private static (int All, int Known) Count(ItemTable table, IEnumerable<ItemId> items)
    {
        var (all, known) = (0, 0);
        foreach (var item in items)
        {
            all++;
            known += table.RowOf(item.Value) >= 0 ? 1 : 0;
        }
        return (all, known);
    }
}
