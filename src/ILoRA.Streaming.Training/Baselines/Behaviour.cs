namespace ILoRA.Streaming.Training.Baselines;

/// <summary>What baselines learn from: each training user's items, oldest first, as places in a catalogue of <paramref name="Items"/>.</summary>
/// <param name="Sequences">One a user.</param>
/// <param name="Items">M</param>
public sealed record Behaviour(IReadOnlyList<int[]> Sequences, int Items)
{
    /// <summary>
    /// Parts users: every n-th goes aside, where n is 1 / share, so that those aside are spread over the file. Whatever is fit with the same share never
    /// sees them.
    /// </summary>
    /// <param name="share">0 to 0.5; 0 puts none aside.</param>
    public (Behaviour Kept, Behaviour Aside) HoldOut(double share)
    {
        var every = share > 0 ? Math.Max(2, (int)Math.Round(1 / share)) : int.MaxValue;
        return (this with { Sequences = [.. Sequences.Where((_, user) => !IsAside(user, every))] }, this with { Sequences = [.. Sequences.Where((_, user) => IsAside(user, every))] });
    }

    private static bool IsAside(int user, int every) => user % every == every - 1;

    /// <returns>[M], how often each item occurs.</returns>
    public int[] Counts() => Fits.EncoderFit.Seen(Sequences, Items);
}
