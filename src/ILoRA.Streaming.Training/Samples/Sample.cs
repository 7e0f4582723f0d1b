namespace ILoRA.Streaming.Training.Samples;

/// <summary>What one sequence event teaches: the item that came after a history.</summary>
/// <param name="History">Item ids, oldest first, the target left out.</param>
/// <param name="Target">The item that was clicked.</param>
public sealed record Sample(IReadOnlyList<string> History, string Target);
