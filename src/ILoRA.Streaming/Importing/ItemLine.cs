using ILoRA.Streaming.Items;

namespace ILoRA.Streaming.Importing;

/// <summary>One item as a file holds it.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Item">Its id.</param>
/// <param name="Title">What people call it.</param>
public sealed record ItemLine(long Line, string Item, string Title)
{
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }
    public DateTimeOffset? Time { get; init; }
    public bool Deleted { get; init; }

    /// <summary>The event that the line becomes.</summary>
    public ItemEvent ToEvent() => new() { Item = new ItemId(Item), Title = Title, Attributes = Attributes, Time = Time, Deleted = Deleted ? true : null };

    internal static ItemLine Of(long line, ItemEvent item) => new(line, item.Item.Value, item.Title)
    {
        Attributes = item.Attributes,
        Time = item.Time,
        Deleted = item.Deleted ?? false,
    };
}
