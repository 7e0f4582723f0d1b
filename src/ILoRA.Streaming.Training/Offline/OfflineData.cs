using System.Globalization;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Trials;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>A shop's catalogue and its clicks so far, in the order of time.</summary>
/// <param name="Items">Id and title, each id once.</param>
/// <param name="Clicks">On these items alone.</param>
/// <param name="UnknownItemClicks">Clicks that were left out, because their item is not in the catalogue.</param>
public sealed record OfflineData(IReadOnlyList<ItemLine> Items, IReadOnlyList<TrialClick> Clicks, int UnknownItemClicks)
{
    /// <summary>Ten items are all on a list of ten: a smaller catalogue has nothing to rank.</summary>
    public const int MinItems = 20;

    /// <summary>Clicks that follow another one of the same user: fewer teach nothing that could be told from chance.</summary>
    public const int MinFollowingClicks = 100;

    /// <param name="items">A click on none of them is left out.</param>
    /// <param name="clicks">In any order.</param>
    /// <param name="itemFile">The name for messages.</param>
    /// <param name="clickFile">Likewise.</param>
    /// <exception cref="InvalidDataException">There is too little to fit on, or the files are of different shops.</exception>
    public static OfflineData Of(IEnumerable<ItemLine> items, IEnumerable<ClickLine> clicks, string itemFile, string clickFile)
    {
        // Items that are sold no more stay: people's histories are full of them.
        var catalogue = items.DistinctBy(item => item.Item).ToArray();
        if (catalogue.Length < MinItems)
            throw new InvalidDataException(
                $"{itemFile}: holds {catalogue.Length} items; {MinItems} are the least that a ranking makes sense for.");
        var ids = catalogue.Select(item => item.Item).ToHashSet(StringComparer.Ordinal);
        var all = clicks.ToArray();
        // A stable sort: clicks of one moment keep the file's order.
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
            throw new InvalidDataException($"{clickFile}: all {known.Length} clicks have one time ({first.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC), "
                + "so that none comes before another; give the column in which their times differ.");
        var following = Following(known);
        return following >= MinFollowingClicks ? new(catalogue, known, all.Length - known.Length) : throw new InvalidDataException(
            $"{clickFile}: {following} of {known.Length} clicks follow another one of the same user; {MinFollowingClicks} are needed to fit on"
            + ". Give clicks of a longer time, or wait for more; until then recommend what is popular.");
    }

    /// <summary>What should be known of <see cref="UnknownItemClicks"/>, without what became of them; null where there are none.</summary>
    public string? UnknownItemsNote(string itemFile) => UnknownItemClicks == 0 ? null : string.Create(CultureInfo.InvariantCulture,
        $"{UnknownItemClicks:N0} clicks are on items that {itemFile} lacks or that were left out of it (variations, say)");

    /// <summary>How many of the clicks come before the last part of them.</summary>
    /// <param name="share">That part, 0 to 1.</param>
    public int Before(double share) => Clicks.Count - (int)(Clicks.Count * share);

    /// <summary>The clicks of <paramref name="share"/> that can be judged: those after another click of their user.</summary>
    /// <param name="share">The last part of the clicks, 0 to 1.</param>
    /// <exception cref="InvalidDataException">There is none, or all are of one user: intervals resample users.</exception>
    public IReadOnlyList<TrialEvent> Judged(double share)
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

    /// <summary>By item.</summary>
    public IReadOnlyDictionary<string, string> Titles => Items.ToDictionary(item => item.Item, item => item.Title, StringComparer.Ordinal);

    private static int Following(IEnumerable<TrialClick> clicks)
    {
        var fold = new SequenceFold();
        return clicks.Count(click => fold.Click(click.User, click.Item) is not null);
    }
}
