namespace ILoRA.Streaming.Training.Devices;

/// <summary>Random initial values of parameters, from a seeded generator.</summary>
internal static class RandomValues
{
    public static float[] Uniform(Random random, int count, float bound) =>
        [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle() - 1) * bound)];

    public static float[] Normal(Random random, int count, float deviation) =>
        [.. Enumerable.Range(0, count).Select(_ => deviation * Normal(random))];

    /// <summary>The Box-Muller transform.</summary>
    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
