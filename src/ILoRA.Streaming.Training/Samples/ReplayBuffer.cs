namespace ILoRA.Streaming.Training.Samples;

/// <summary>Samples to train on again: the most recent ones, and a uniform reservoir of all that came before (Vitter's algorithm R).</summary>
public sealed class ReplayBuffer(int recentCapacity, int reservoirCapacity)
{
    private readonly Queue<Sample> recent = new();
    private readonly List<Sample> reservoir = [];
    private long passed;

    public int Count => recent.Count + reservoir.Count;

    /// <summary>Takes a sample in; the oldest recent one moves on to the reservoir's draw.</summary>
    public void Add(Sample sample, Random random)
    {
        recent.Enqueue(sample);
        if (recent.Count <= recentCapacity)
            return;
        var old = recent.Dequeue();
        passed++;
        if (reservoir.Count < reservoirCapacity)
            reservoir.Add(old);
        else if (random.NextInt64(passed) is var place && place < reservoirCapacity)
            reservoir[(int)place] = old;
    }

    /// <returns>Up to <paramref name="count"/> samples, half of them (where there are any) from the reservoir.</returns>
    public IReadOnlyList<Sample> Draw(int count, Random random)
    {
        if (Count == 0)
            return [];
        var fresh = recent.ToArray();
        return [.. Enumerable.Range(0, count).Select(draw => draw % 2 == 0 && reservoir.Count > 0 || fresh.Length == 0
            ? reservoir[random.Next(reservoir.Count)] : fresh[random.Next(fresh.Length)])];
    }

    /// <summary>All that it holds, for a checkpoint.</summary>
    public ReplayState Save() => new([.. recent], [.. reservoir], passed);

    public void Load(ReplayState state)
    {
        recent.Clear();
        reservoir.Clear();
        foreach (var sample in state.Recent)
            recent.Enqueue(sample);
        reservoir.AddRange(state.Reservoir);
        passed = state.Passed;
    }
}

/// <param name="Recent">Oldest first.</param>
/// <param name="Reservoir">In place order.</param>
/// <param name="Passed">How many samples were offered to the reservoir.</param>
public sealed record ReplayState(IReadOnlyList<Sample> Recent, IReadOnlyList<Sample> Reservoir, long Passed);
