namespace ILoRA.Streaming.Training.Samples;

/// <summary>
/// An experience-replay buffer: the most recent samples, and a uniform reservoir sample of all older ones (Vitter's algorithm R).
/// </summary>
public sealed class ReplayBuffer(int recentCapacity, int reservoirCapacity)
{
    private readonly Queue<Sample> recent = new();
    private readonly List<Sample> reservoir = [];
    private long passed;

    public int Count => recent.Count + reservoir.Count;

    /// <summary>Adds a sample. Where the recent samples are full, the oldest of them is offered to the reservoir.</summary>
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

    /// <summary>Draws samples with replacement, alternately from the reservoir and the recent samples.</summary>
    /// <returns><paramref name="count"/> samples; none while the buffer is empty.</returns>
    public IReadOnlyList<Sample> Draw(int count, Random random)
    {
        if (Count == 0)
            return [];
        var fresh = recent.ToArray();
        return [.. Enumerable.Range(0, count).Select(draw => draw % 2 == 0 && reservoir.Count > 0 || fresh.Length == 0
            ? reservoir[random.Next(reservoir.Count)] : fresh[random.Next(fresh.Length)])];
    }

    /// <summary>The buffer's content, for a checkpoint.</summary>
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

/// <summary>The content of a <see cref="ReplayBuffer"/>, as a checkpoint stores it.</summary>
/// <param name="Recent">The most recent samples, oldest first.</param>
/// <param name="Reservoir">The reservoir, in the order of its slots.</param>
/// <param name="Passed">The number of samples offered to the reservoir so far.</param>
public sealed record ReplayState(IReadOnlyList<Sample> Recent, IReadOnlyList<Sample> Reservoir, long Passed);
