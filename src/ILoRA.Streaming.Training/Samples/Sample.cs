namespace ILoRA.Streaming.Training.Samples;

/// <summary>A training sample for next-item prediction, made of one sequence event.</summary>
/// <param name="History">The ids of the items before the click, oldest first.</param>
/// <param name="Target">The id of the clicked item.</param>
public sealed record Sample(IReadOnlyList<string> History, string Target);
