using System.Globalization;
using System.Text.RegularExpressions;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Importing.Times;

namespace ILoRA.Streaming.Importing;

/// <summary>
/// Makes one item of all rows with its id: the first title that is not blank stays, and so do the first attributes; whether it is sold no
/// more says the last row that says so, but for exports of shops, whose further rows are variants and store views.
/// </summary>
/// <param name="file">The file's name.</param>
/// <param name="format">Its format.</param>
internal sealed partial class ItemRows(string file, FileFormat format)
{
    /// <summary>The part of the items that may have no title; where more have none, the column is not the titles'.</summary>
    private const double MaxUntitled = 0.05;

    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly List<ItemLine> items = [];
    private readonly List<string> notes = [];
    private (long Count, string? First) otherTitles;

    public IReadOnlyList<string> Notes => notes;

    /// <summary>Null, or why the record is no item that a worker takes.</summary>
    public static string? Problem(FileRecord record)
    {
        if (RecordSource.Problem(record[ColumnRole.Item], "item") is { } problem)
            return problem;
        if (record[ColumnRole.Title] is { } title && Blanks().Replace(title, " ").EnumerateRunes().Count() > EventRules.Title)
            return string.Create(CultureInfo.InvariantCulture, $"title has more than {EventRules.Title:N0} characters");
        if (TimeProblem(record[ColumnRole.Time]) is { } wrong)
            return $"time {wrong}; leave it out by --columns time=-";
        return record[ColumnRole.Deleted] is { } deleted && YesOrNo.Of(deleted) is null
            ? $"deleted '{deleted}' is none of true, false, 1, 0, yes, no; leave the column out by --columns deleted=-"
            : null;
    }

    public void Add(FileRecord record)
    {
        var item = ItemOf(record);
        if (places.TryAdd(item.Item, items.Count))
        {
            items.Add(item);
            return;
        }
        var known = items[places[item.Item]];
        if (!known.Untitled && !item.Untitled && known.Title != item.Title)
            NoteOtherTitle(known, item);
        items[places[item.Item]] = known with
        {
            Title = known.Untitled ? item.Title : known.Title,
            Untitled = known.Untitled && item.Untitled,
            Attributes = known.Attributes ?? item.Attributes,
            Time = item.Time ?? known.Time,
            Deleted = SaysDeleted(record) ? item.Deleted : known.Deleted,
        };
    }

    /// <summary>In the order in which their ids come first; an untitled one bears its id.</summary>
    public IReadOnlyList<ItemLine> Lines(BadRows bad)
    {
        if (otherTitles.Count > 0)
            notes.Add($"rows that give an item another title than its first: {otherTitles.Count:N0} ({otherTitles.First}).");
        var untitled = items.Where(item => item is { Untitled: true, Deleted: false }).ToArray();
        // MovieLens has an untitled film, and parts of it may be read alone.
        var few = untitled.Length <= MaxUntitled * items.Count || format == FileFormat.MovieLens;
        if (few && untitled.Length > 0)
            notes.Add($"items without a title: {untitled.Length:N0}, the first is {untitled[0].Item} ({file}:{untitled[0].Line}).");
        else
            foreach (var item in untitled)
                bad.Add(item.Line, $"the title of item '{item.Item}' is empty, as those of {untitled.Length:N0} of {items.Count:N0} items; "
                    + "name its column by --columns title=NAME");
        return [.. items.Where(item => few || !item.Untitled || item.Deleted)];
    }

    /// <summary>Null where the time is one that an event can have, or is not given.</summary>
    private static string? TimeProblem(string? text)
    {
        if (text is null || MissingValue.Is(text))
            return null;
        if (!FileTime.TryParse(text, out var time, out var problem))
            return problem;
        return EventTimes.Hold(time) ? null : $"'{text}' is not a time that events can have: {EventTimes.Range}";
    }

    private bool SaysDeleted(FileRecord record)
        => format is not (FileFormat.WooCommerce or FileFormat.Shopify or FileFormat.Magento) && record[ColumnRole.Deleted] is not null;

    private void NoteOtherTitle(ItemLine known, ItemLine other)
    {
        var first = otherTitles.First ?? $"{file}:{other.Line} '{other.Title}' for {known.Item}, '{known.Title}' stays";
        otherTitles = (otherTitles.Count + 1, first);
    }

    private static ItemLine ItemOf(FileRecord record)
    {
        var title = record[ColumnRole.Title] is { } text ? Blanks().Replace(text, " ") : null;
        return new(record.Line, record[ColumnRole.Item]!, title ?? record[ColumnRole.Item]!)
        {
            Untitled = title is null,
            Attributes = record.Attributes,
            Deleted = record[ColumnRole.Deleted] is { } deleted && YesOrNo.Of(deleted) == true,
            Time = record[ColumnRole.Time] is { } when && FileTime.TryParse(when, out var time) ? time : null,
        };
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
