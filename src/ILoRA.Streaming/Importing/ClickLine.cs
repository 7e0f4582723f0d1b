namespace ILoRA.Streaming.Importing;

/// <summary>One click as a file holds it.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="User">Who clicked.</param>
/// <param name="Item">What was clicked.</param>
/// <param name="Time">When.</param>
public sealed record ClickLine(long Line, string User, string Item, DateTimeOffset Time)
{
    public string? Id { get; init; }
    public string? Type { get; init; }
    public string? Session { get; init; }
    public string? Recommendation { get; init; }
}
