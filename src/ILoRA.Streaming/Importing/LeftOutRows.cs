namespace ILoRA.Streaming.Importing;

/// <summary>Counts good rows, or parts of them, that are not wanted, by the reason.</summary>
internal sealed class LeftOutRows
{
    private readonly Dictionary<string, long> counts = [];

    public void Add(string reason, int count = 1) => counts[reason] = counts.GetValueOrDefault(reason) + count;

    /// <summary>One sentence a reason.</summary>
    public IEnumerable<string> Notes
        => counts.OrderByDescending(reason => reason.Value).Select(reason => $"left out: {reason.Value:N0} {reason.Key}.");
}
