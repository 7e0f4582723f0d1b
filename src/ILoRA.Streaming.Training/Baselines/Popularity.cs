using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Baselines;

/// <summary>The popularity baseline: log(1 + number of interactions), independent of the history.</summary>
public sealed class Popularity(Interactions interactions)
{
    private readonly float[] scores = Array.ConvertAll(interactions.Counts(), count => MathF.Log(1 + count));

    /// <returns>[M]</returns>
    public float[] Scores(int[] history) => scores;
}
