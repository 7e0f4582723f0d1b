using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Tests.Model.Snapshots;

namespace ILoRA.Streaming.Tests.Model.Scoring;

public sealed class HeadScorerTests
{
    [Fact]
    public void Scores_follow_the_formula_term_by_term()
    {
        var snapshot = RandomSnapshot.Create(3, width: 4, items: 5);
        var items = snapshot.Items with { Seen = [7, 0, 1, 20, 3], Recent = [0, 2, 5, 1, 0] };
        var random = new Random(9);
        string[] catalogue = [.. items.Ids, "new"];
        var titles = Array.ConvertAll(catalogue, _ => RandomSnapshot.Normal(random, 6));
        var vectors = catalogue.Select((id, index) => ItemVector.Of(snapshot.Head, snapshot.Encoder, items, id, titles[index])).ToArray();
        var hidden = RandomSnapshot.Normal(random, 6);
        var logProbabilities = snapshot.Encoder.LogProbabilities(snapshot.Encoder.Encode([0, 3]), items.Seen);

        var coOccurrence = snapshot.Neighbours.CoOccurrence([0, 3], items.Seen);
        var query = TitleSimilarity.Query([vectors[0].Direction, vectors[3].Direction], 6);
        var weights = snapshot.Head.Weights;

        var scores = HeadScorer.Score(snapshot.Head, vectors, new(hidden, logProbabilities, coOccurrence, query), [0, 3, 0, -1]);

        for (var i = 0; i < catalogue.Length; i++)
        {
            var seen = i < 5 ? items.Seen[i] : 0;
            var recent = i < 5 ? items.Recent[i] : 0;
            var repeats = i switch { 0 => 2, 3 => 1, _ => 0 };
            double dot = 0;
            for (var row = 0; row < 6; row++)
                for (var column = 0; column < 6; column++)
                    dot += hidden[row] * snapshot.Head.Title[row * 6 + column] * (double)titles[i][column];
            for (var row = 0; row < 6 && i < 5; row++)
                for (var column = 0; column < 9; column++)
                    dot += hidden[row] * seen / (seen + 5) * snapshot.Head.Item[row * 9 + column] * Feature(snapshot.Encoder, i, column);
            var expected = dot / Math.Sqrt(6) + weights[ScoreTerm.Encoder] * (i < 5 ? logProbabilities[i] : -Math.Log(5))
                + weights[ScoreTerm.TitleSimilarity] * Similarity(titles, snapshot.Head.Centre, [3, 0], i)
                + weights[ScoreTerm.CoOccurrence] * (i < 5 ? CoOccurrence(snapshot.Neighbours, items.Seen, [3, 0], i) : 0)
                + weights[ScoreTerm.Popularity] * Math.Log(1 + recent) + (seen == 0 ? weights[ScoreTerm.New] : 0)
                + weights[ScoreTerm.Repeat] * Math.Log(1 + repeats);
            Assert.Equal(expected, scores[i], 1e-4);
        }
    }

    private static float Feature(SasRec encoder, int item, int column) => column switch
    {
        < 4 => encoder.Tensors["item_embeddings.weight"][item * 4 + column],
        < 8 => encoder.Tensors["s_fc.weight"][item * 4 + column - 4],
        _ => encoder.Tensors["s_fc.bias"][item],
    };

    // Both formulas in double precision, as documented; the history newest first.
    private static double Similarity(float[][] titles, float[] centre, int[] newest, int item)
    {
        double Cosine(float[] a, float[] b)
        {
            var (x, y) = (a.Zip(centre, (p, q) => p - (double)q).ToArray(), b.Zip(centre, (p, q) => p - (double)q).ToArray());
            return x.Zip(y, (p, q) => p * q).Sum() / Math.Sqrt(x.Sum(p => p * p) * y.Sum(p => p * p));
        }
        return newest.Select((other, j) => Math.Pow(0.4, j) * Cosine(titles[other], titles[item])).Sum();
    }

    private static double CoOccurrence(ItemNeighbours neighbours, float[] seen, int[] newest, int item) => seen[item] == 0 ? 0 :
        Math.Log(
            1 + 30 * newest.Select(
                (other, j) => Math.Pow(0.6, j) * neighbours.Of(other).Where(pair => pair.Key == item).Sum(pair => pair.Value)
            / Math.Sqrt((seen[item] + 5.0) * (seen[other] + 5.0))).Sum());

    [Fact]
    public void Log_probabilities_sum_to_one_over_the_rows_that_were_seen()
    {
        var encoder = RandomSnapshot.Encoder(new Random(4), 8, 20);
        float[] seen = [.. Enumerable.Range(0, 20).Select(row => row % 3 == 0 ? 0f : 1f)];

        var logs = encoder.LogProbabilities(encoder.Encode([1, 2, 4]), seen);

        Assert.Equal(1, logs.Where((_, row) => seen[row] > 0).Sum(log => Math.Exp(log)), 1e-5);
        Assert.All(logs.Where((_, row) => seen[row] == 0), log => Assert.Equal(-Math.Log(20), log, 1e-5));
    }
}
