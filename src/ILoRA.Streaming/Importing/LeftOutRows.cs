namespace ILoRA.Streaming.Importing;

/// <summary>Counts good rows that are not wanted, by the reason.</summary>
internal sealed class LeftOutRows
{
    private readonly Dictionary<string, long> counts = [];

    public void Add(string reason) => counts[reason] = counts.GetValueOrDefault(reason) + 1;

    /// <summary>One sentence a reason.</summary>
    public IEnumerable<string> Notes
        => counts.OrderByDescending(reason => reason.Value).Select(reason => $"left out: {reason.Value:N0} {reason.Key}.");
}
