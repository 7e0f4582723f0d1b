using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.ModelTests.Inference;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.ModelTests;

/// <summary>A <see cref="RandomModel.Snapshot"/> in which every term of the score has a weight, and items were seen, clicked and clicked together at random.</summary>
internal static class RandomVersion
{
    public static Snapshot Create(Backbone backbone, int seed, Scorer scorer)
    {
        var random = new Random(seed);
        var version = RandomModel.Snapshot(backbone, seed, scorer, deepGate: seed % 2 == 0);
        return version with
        {
            Head = version.Head with { Weights = ScoreWeights.Of(Weights(random, ScoreWeights.Terms.Count)), TitleWeights = new(0.2f + random.NextSingle(), 0.2f + random.NextSingle()) },
            // One in four was never seen: it has a row that was not trained.
            Items = version.Items with { Seen = Counts(random), Recent = Counts(random) },
            Neighbours = RandomNeighbours.Create(random, RandomModel.Known),
        };
    }

    /// <summary>Ids of a history, oldest first: items come again, and not all are known. The last one has been seen, so that the encoder knows the history.</summary>
    /// <param name="version">The version that reads it.</param>
    /// <param name="random">Draws the items.</param>
    /// <param name="length">How many.</param>
    /// <param name="ids">To draw from.</param>
    public static string[] History(Snapshot version, Random random, int length, IReadOnlyList<string> ids)
    {
        var seen = version.Items.Ids.Where((_, row) => version.Items.Seen[row] > 0).ToArray();
        return [.. Enumerable.Range(1, length - 1).Select(at => at % 3 == 0 ? seen[0] : ids[random.Next(ids.Count)]), seen[random.Next(seen.Length)]];
    }

    /// <summary>Of either sign, and none so small that its term could be missing unnoticed.</summary>
    private static float[] Weights(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.Next(2) == 0 ? -1 : 1) * (0.3f + random.NextSingle()))];

    private static float[] Counts(Random random) => [.. Enumerable.Range(0, RandomModel.Known).Select(_ => random.Next(4) == 0 ? 0f : random.Next(1, 30))];
}
