using System.Globalization;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Trials;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>The data of an offline fit: a shop's catalogue and its clicks in the order of time.</summary>
/// <param name="Items">The items of the catalogue; each id occurs once.</param>
/// <param name="Clicks">The clicks on these items.</param>
/// <param name="UnknownItemClicks">The number of clicks left out because their item is not in the catalogue.</param>
public sealed record OfflineData(IReadOnlyList<ItemLine> Items, IReadOnlyList<TrialClick> Clicks, int UnknownItemClicks)
{
    /// <summary>The minimum number of items: with few more items than the ten of a list there is little to rank.</summary>
    public const int MinItems = 20;

    /// <summary>
    /// The minimum number of clicks that follow another click of the same user; with fewer no effect can be told from chance.
    /// </summary>
    public const int MinFollowingClicks = 100;

    /// <summary>Checks and sorts the data of two files.</summary>
    /// <param name="items">The items; clicks on other items are left out.</param>
    /// <param name="clicks">The clicks, in any order.</param>
    /// <param name="itemFile">The name of the file of items, for error messages.</param>
    /// <param name="clickFile">The name of the file of clicks, for error messages.</param>
    /// <exception cref="InvalidDataException">There are too few items or clicks, or most clicks are on unknown items.</exception>
    public static OfflineData Of(IEnumerable<ItemLine> items, IEnumerable<ClickLine> clicks, string itemFile, string clickFile)
    {
        // Items that are no longer sold are kept, because they occur in the users' histories.
        var catalogue = items.DistinctBy(item => item.Item).ToArray();
        if (catalogue.Length < MinItems)
            throw new InvalidDataException(
                $"{itemFile}: holds {catalogue.Length} items; {MinItems} are the least that a ranking makes sense for.");
        var ids = catalogue.Select(item => item.Item).ToHashSet(StringComparer.Ordinal);
        var all = clicks.ToArray();
        // OrderBy is stable: clicks with equal times keep the file's order.
        TrialClick[] known = [.. all.Where(click => ids.Contains(click.Item)).OrderBy(click => click.Time)
            .Select(click => new TrialClick(click.User, click.Item, click.Time))];
        if (known.Length * 2 < all.Length)
        {
            var unknown = all.First(click => !ids.Contains(click.Item));
            throw new InvalidDataException(
                $"{clickFile}: {all.Length - known.Length} of {all.Length} clicks are on items that are not in {itemFile} "
                + $"(the first: '{unknown.Item}', line {unknown.Line}); are the two files of one shop, and are both ids of the same kind?");
        }
        if (known is [var first, .., var last] && first.Time == last.Time)
            throw new InvalidDataException(
                $"{clickFile}: all {known.Length} clicks have one time ({first.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC), "
                + "so that none comes before another; give the column in which their times differ.");
        var following = Following(known);
        return following >= MinFollowingClicks ? new(catalogue, known, all.Length - known.Length) : throw new InvalidDataException(
            $"{clickFile}: {following} of {known.Length} clicks follow another one of the same user; {MinFollowingClicks} are needed "
            + "to fit on. Give clicks of a longer time, or wait for more; until then recommend what is popular.");
    }

    /// <summary>
    /// A message about <see cref="UnknownItemClicks"/>, to which the caller adds the consequence; null where there are none.
    /// </summary>
    public string? UnknownItemsNote(string itemFile) => UnknownItemClicks == 0 ? null : string.Create(CultureInfo.InvariantCulture,
        $"{UnknownItemClicks:N0} clicks are on items that {itemFile} lacks or that were left out of it (variations, say)");

    /// <summary>The number of clicks before the hold-out part.</summary>
    /// <param name="share">The share of the last clicks that is held out, 0 to 1.</param>
    public int Before(double share) => Clicks.Count - (int)(Clicks.Count * share);

    /// <summary>The held-out clicks that can be evaluated: those that follow another click of their user.</summary>
    /// <param name="share">The share of the last clicks that is held out, 0 to 1.</param>
    /// <exception cref="InvalidDataException">
    /// There are none, or all are of one user, so that the bootstrap by user is impossible.
    /// </exception>
    public IReadOnlyList<TrialEvent> HeldOut(double share)
    {
        var before = Before(share);
        var events = TrialStream.Of(Clicks, before, TimeSpan.MaxValue);
        if (events.Count == 0)
            throw new InvalidDataException($"None of the last {Clicks.Count - before} clicks follows another one of its user: "
                + "there is nothing to judge on. Give clicks of a longer time.");
        var user = events[0].User;
        return events.Any(e => e.User != user) ? events : throw new InvalidDataException(
            $"Of the last {Clicks.Count - before} clicks only those of user '{user}' follow another one of their user: "
            + "a verdict on one user says nothing of others. Give clicks of a longer time.");
    }

    /// <summary>The titles by item id.</summary>
    public IReadOnlyDictionary<string, string> Titles => Items.ToDictionary(item => item.Item, item => item.Title, StringComparer.Ordinal);

    private static int Following(IEnumerable<TrialClick> clicks)
    {
        var fold = new SequenceFold();
        return clicks.Count(click => fold.Click(click.User, click.Item) is not null);
    }
}
