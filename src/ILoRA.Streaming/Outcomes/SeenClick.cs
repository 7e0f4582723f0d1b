namespace ILoRA.Streaming.Outcomes;

/// <summary>A click as its sequence event tells of it.</summary>
/// <param name="User">Who clicked.</param>
/// <param name="Items">The user's items, oldest first; the last one is the click.</param>
/// <param name="Partition">Partition of the sequence event.</param>
/// <param name="Offset">Offset of the sequence event.</param>
/// <param name="At">When the click was produced.</param>
public sealed record SeenClick(string User, IReadOnlyList<string> Items, int Partition, long Offset, DateTimeOffset At)
{
    public string Item => Items[^1];
}

/// <summary>A recommendation, reduced to what is judged.</summary>
/// <param name="User">For whom.</param>
/// <param name="Offset">Offset of the sequence event that it answers.</param>
/// <param name="Version">The version that served it.</param>
/// <param name="Items">Ranked items.</param>
/// <param name="Shadow">What other lines would have shown for the same sequence at the same moment.</param>
/// <param name="Latency">From the sequence event's arrival to the recommendation.</param>
/// <param name="At">When it was produced.</param>
public sealed record SeenList(
    string User, long Offset, string Version, IReadOnlyList<string> Items, IReadOnlyDictionary<string, IReadOnlyList<string>> Shadow,
    TimeSpan Latency, DateTimeOffset At);
