namespace ILoRA.Streaming.Training.Samples;

/// <summary>What baselines learn from: each training user's items, oldest first, as places in a catalogue of <paramref name="Items"/>.</summary>
/// <param name="Sequences">One a user.</param>
/// <param name="Items">M</param>
public sealed record Behaviour(IReadOnlyList<int[]> Sequences, int Items)
{
    /// <summary>Parts users by <see cref="HeldOut"/>.</summary>
    public (Behaviour Kept, Behaviour Aside) HoldOut(double share) =>
        (this with { Sequences = [.. Sequences.Where((_, user) => !HeldOut.Has(user, share))] }, this with { Sequences = [.. Sequences.Where((_, user) => HeldOut.Has(user, share))] });

    /// <returns>[M], how often each item occurs.</returns>
    public int[] Counts()
    {
        var counts = new int[Items];
        foreach (var item in Sequences.SelectMany(sequence => sequence))
            counts[item]++;
        return counts;
    }
}
