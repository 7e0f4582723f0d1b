using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Importing.Lines;

/// <summary>One click as a file holds it.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="User">Who clicked.</param>
/// <param name="Item">What was clicked.</param>
/// <param name="Time">When.</param>
public sealed record ClickLine(long Line, string User, string Item, DateTimeOffset Time)
{
    public string? Id { get; init; }
    public ClickType? Type { get; init; }
    public string? Session { get; init; }
    public string? Recommendation { get; init; }

    /// <summary>Which of the file's lines that say the same it is, from 1.</summary>
    public int Occurrence { get; init; } = 1;

    /// <summary>The event that the line becomes; <paramref name="id"/> where the file gives none.</summary>
    public ClickEvent ToEvent(string id) => new()
    {
        User = new UserId(User),
        Item = new ItemId(Item),
        Time = Time,
        Id = Id ?? id,
        Type = Type,
        Session = Session,
        Recommendation = Recommendation is { } recommendation ? new RecommendationId(recommendation) : null,
    };
}
