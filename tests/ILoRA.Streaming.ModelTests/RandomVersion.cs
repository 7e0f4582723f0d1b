using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.ModelTests.Inference;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.ModelTests;

/// <summary>
/// Creates snapshots like <see cref="RandomModel.Snapshot"/> with a nonzero weight of every term of the score and with random click counts
/// and co-occurrences.
/// </summary>
internal static class RandomVersion
{
    public static Snapshot Create(Backbone backbone, int seed, Scorer scorer)
    {
        var random = new Random(seed);
        var version = RandomModel.Snapshot(backbone, seed, scorer, deepGate: seed % 2 == 0);
        return version with
        {
            Head = version.Head with
            {
                Weights = ScoreWeights.Of(Weights(random, ScoreWeights.Terms.Count)),
                TitleWeights = new(0.2f + random.NextSingle(), 0.2f + random.NextSingle())
            },
            // One item in four has no training click.
            Items = version.Items with { Seen = Counts(random), Recent = Counts(random) },
            Neighbours = RandomNeighbours.Create(random, RandomModel.Known),
        };
    }

    /// <summary>
    /// Draws a history with repeated and unknown items. The last item has training clicks, so that the encoder knows the history.
    /// </summary>
    /// <param name="version">The version that will rank for the history.</param>
    /// <param name="random">The source of randomness.</param>
    /// <param name="length">The number of items.</param>
    /// <param name="ids">The ids to draw from.</param>
    /// <returns>Item ids, oldest first.</returns>
    public static string[] History(Snapshot version, Random random, int length, IReadOnlyList<string> ids)
    {
        var seen = version.Items.Ids.Where((_, row) => version.Items.Seen[row] > 0).ToArray();
        return [.. Enumerable.Range(1, length - 1).Select(at => at % 3 == 0 ? seen[0] : ids[random.Next(ids.Count)]),
            seen[random.Next(seen.Length)]];
    }

    /// <summary>
    /// Weights of both signs with magnitudes of at least 0.3, so that a missing term changes the score by more than the tolerance.
    /// </summary>
    private static float[] Weights(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.Next(2) == 0 ? -1 : 1) * (0.3f + random.NextSingle()))];

    private static float[] Counts(Random random) =>
        [.. Enumerable.Range(0, RandomModel.Known).Select(_ => random.Next(4) == 0 ? 0f : random.Next(1, 30))];
}
