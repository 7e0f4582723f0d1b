namespace ILoRA.Streaming.Training.Samples;

/// <summary>
/// The SplitMix64 random generator (Steele, Lea and Flood 2014). Its whole state is one number, which a checkpoint can store.
/// </summary>
public sealed class SavedRandom(ulong state) : Random
{
    public ulong State { get; private set; } = state;

    protected override double Sample() => (Draw() >> 11) * (1.0 / (1UL << 53));

    public override double NextDouble() => Sample();

    public override float NextSingle() => (float)(Draw() >> 40) / (1 << 24);

    public override int Next(int maxValue) => (int)NextInt64(maxValue);

    public override int Next(int minValue, int maxValue) => minValue + (int)NextInt64(maxValue - minValue);

    public override long NextInt64(long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxValue);
        return (long)Math.BigMul(Draw(), (ulong)maxValue, out _);
    }

    /// <summary>Seeds LibTorch's generator (dropout) from this one.</summary>
    public void SeedTorch() => TorchSharp.torch.manual_seed((long)(Draw() >> 1));

    private ulong Draw()
    {
        State += 0x9E3779B97F4A7C15;
        var z = State;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
