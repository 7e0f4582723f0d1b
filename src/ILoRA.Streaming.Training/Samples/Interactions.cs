namespace ILoRA.Streaming.Training.Samples;

/// <summary>User-item interactions that baselines and encoders are fit on.</summary>
/// <param name="Sequences">Each user's items, oldest first, as indices into the catalogue.</param>
/// <param name="Items">M, the number of items in the catalogue.</param>
public sealed record Interactions(IReadOnlyList<int[]> Sequences, int Items)
{
    /// <summary>Splits the users into those to fit on and those held out (<see cref="HeldOut"/>).</summary>
    public (Interactions Kept, Interactions HeldOut) Split(double holdOutShare) =>
        (this with { Sequences = [.. Sequences.Where((_, user) => !HeldOut.Contains(user, holdOutShare))] },
        this with { Sequences = [.. Sequences.Where((_, user) => HeldOut.Contains(user, holdOutShare))] });

    /// <returns>[M], the number of occurrences of each item.</returns>
    public int[] Counts()
    {
        var counts = new int[Items];
        foreach (var item in Sequences.SelectMany(sequence => sequence))
            counts[item]++;
        return counts;
    }
}
