using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.ModelTests.Evaluation;

public sealed class FusionTests
{
    [Fact]
    public void Scores_are_standardised_within_their_list()
    {
        Assert.Equal([-1.2247449f, 0, 1.2247449f], Fusion.Standardised([10, 20, 30]));
        Assert.Equal([0, 0, 0], Fusion.Standardised([5, 5, 5]));
    }

    /// <summary>
    /// Two candidates and one method whose standardised scores are +1 and -1, with the target first in 3 of 4 lists: apart from the
    /// penalty, the weight w solves sigmoid(2 w) = 3/4.
    /// </summary>
    [Fact]
    public void A_weight_is_half_the_log_odds_of_ranking_the_target_first()
    {
        var cases = Enumerable.Range(0, 400).Select(row => new RankingCase(row, [], 7, [[7, 8]])).ToArray();
        var method = new Method("m", false, row => [row.Row % 4 == 0 ? [0, 1] : [1, 0]]);
        var fusion = Fusion.Learn([method.Run(cases, TimeProvider.System, stop: TestContext.Current.CancellationToken)], cases);
        Assert.Equal(Math.Log(3) / 2, Assert.Single(fusion.Weights), 0.002);
    }

    [Fact]
    public void A_random_method_gets_no_weight_and_a_better_method_a_larger_one()
    {
        var random = new Random(1);
        var cases = Enumerable.Range(0, 2000).Select(row => new RankingCase(row, [], 0, [[.. Enumerable.Range(0, 20)]])).ToArray();
        MethodResult Noisy(string name, double signal) =>
            new Method(name, false,
                row => [[.. Enumerable.Range(0, 20).Select(item => (float)((item == 0 ? signal : 0) + Normal(random)))]]).Run(cases,
                    TimeProvider.System, stop: TestContext.Current.CancellationToken);
        MethodResult[] methods = [Noisy("good", 2), Noisy("fair", 1), Noisy("none", 0)];
        var fusion = Fusion.Learn(methods, cases);
        Assert.True(fusion.Weights[0] > 1.5 * fusion.Weights[1] && fusion.Weights[1] > 0.5, string.Join(" ", fusion.Weights));
        Assert.InRange(fusion.Weights[2], -0.1, 0.1);
        Assert.True(fusion.Of("both", methods, cases).Hr1 > methods[0].Hr1 + 0.05);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
