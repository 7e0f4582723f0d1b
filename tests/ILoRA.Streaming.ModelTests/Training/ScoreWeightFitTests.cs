using ILoRA.Streaming.Training.Fits;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class ScoreWeightFitTests
{
    [Fact]
    public void The_weights_that_generated_the_targets_are_recovered()
    {
        double[] truth = [1.2, -0.8, 0];
        using var fit = new ScoreWeightFit();
        var random = new Random(5);
        for (var batch = 0; batch < 100; batch++)
        {
            var terms = Enumerable.Range(0, 32 * 20 * 3).Select(_ => (float)(4 * random.NextDouble() - 2)).ToArray();
            var targets =
                Enumerable.Range(0, 32)
                    .Select(b =>
                        (long)Draw(random,
                            [.. Enumerable.Range(0, 20)
                                .Select(item => truth.Select((weight, f) => weight * terms[(b * 20 + item) * 3 + f]).Sum())])).ToArray();
            fit.Add(tensor(terms, [32, 20, 3]), tensor(targets));
        }
        var found = fit.Run([0, 0, 5]);
        for (var f = 0; f < 3; f++)
            Assert.Equal(truth[f], found[f], 0.1);
    }

    [Fact]
    public void Weights_without_influence_on_the_samples_stay_unchanged()
    {
        using var fit = new ScoreWeightFit();
        Assert.Equal([2.0, 3.0], fit.Run([2, 3]));
        fit.Add(zeros(4, 6, 2), tensor([0L, 1L, 2L, 3L]));
        Assert.Equal([2.0, 3.0], fit.Run([2, 3]));
    }

    private static int Draw(Random random, double[] scores)
    {
        var weights = scores.Select(Math.Exp).ToArray();
        var left = random.NextDouble() * weights.Sum();
        var item = 0;
        while ((left -= weights[item]) > 0)
            item++;
        return item;
    }
}
