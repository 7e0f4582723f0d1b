using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Importing.Lines;

/// <summary>One item as a file holds it.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Item">Its id.</param>
/// <param name="Title">What people call it.</param>
public sealed record ItemLine(long Line, string Item, string Title)
{
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }
    public DateTimeOffset? Time { get; init; }
    public bool Deleted { get; init; }

    /// <summary>The file gives no title: <see cref="Title"/> is the id, and must not replace a title from elsewhere.</summary>
    public bool Untitled { get; init; }

    /// <summary>Whether it is news of the item: an id in place of a title is none, unless the item's sale ends.</summary>
    public bool IsNews => !Untitled || Deleted;

    /// <summary>The event that the line becomes.</summary>
    public ItemEvent ToEvent()
        => new() { Item = new ItemId(Item), Title = Title, Attributes = Attributes, Time = Time, Deleted = Deleted ? true : null };
}
