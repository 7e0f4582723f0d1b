using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.Tests.Evaluation;

public sealed class RankingTests
{
    private static readonly RankingCase Case = new(4, [1], 9, [[5, 9, 6], [9, 5, 6]]);

    [Fact]
    public void The_rank_is_one_plus_the_number_of_higher_scores() => Assert.Equal([2, 1], Case.Ranks([[3, 2, 1], [3, 2, 1]]));

    [Fact]
    public void Equal_scores_are_ranked_by_position() => Assert.Equal([2, 1], Case.Ranks([[1, 1, 1], [1, 1, 1]]));

    [Fact]
    public void A_NaN_score_is_rejected_with_its_row() =>
        Assert.StartsWith("Row 4:", Assert.Throws<InvalidDataException>(() => Case.Ranks([[1, float.NaN, 1], [1, 1, 1]])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Scores_of_the_catalogue_are_selected_by_draw() =>
        Assert.Equal([[50, 90, 60], [90, 50, 60]], Case.Pick([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]));

    /// <summary>Ranks 1 and 3 in the first row, 6 and 1 in the second.</summary>
    [Fact]
    public void Metrics_are_means_over_rows_and_draws()
    {
        var result = new MethodResult("m", false, [[1, 3], [6, 1]], [], [], TimeSpan.Zero);
        Assert.Equal((2, 4, 0.5), (result.Right, result.Total, result.Hr1));
        Assert.Equal([0.5, 0.5], result.Hr1ByRow());
        Assert.Equal((1 + 0.5 + 0 + 1) / 4, result.Ndcg5, 1e-12);                  // 1 / log2(1 + 3) = 0.5
        Assert.Equal((1 + 1 / 3.0 + 1 / 6.0 + 1) / 4, result.Mrr, 1e-12);
    }

    /// <summary>The softmax of (0, log 3, 0) and of (log 2, 0, 0) gives the target 3/5 and 1/2.</summary>
    [Fact]
    public void The_loss_is_the_mean_over_the_draws() =>
        Assert.Equal((Math.Log(5 / 3.0) + Math.Log(2)) / 2, Case.Loss([[0, MathF.Log(3), 0], [MathF.Log(2), 0, 0]]), 1e-6);

    [Fact]
    public void The_interval_of_a_proportion_is_close_to_the_binomial_one()
    {
        var interval = new Bootstrap(100, 1).Mean([.. Enumerable.Range(0, 100).Select(row => row % 2.0)]);
        Assert.InRange(interval.Low, 0.38, 0.42);       // 0.5 - 1.96 x 0.05
        Assert.InRange(interval.High, 0.58, 0.62);
    }

    [Fact]
    public void The_paired_interval_of_a_constant_difference_has_no_width()
    {
        double[] b = [.. Enumerable.Range(0, 50).Select(row => row % 5 / 10.0)];
        var interval = new Bootstrap(50, 1).Difference([.. b.Select(value => value + 0.125)], b);
        Assert.Equal((0.125, 0.125), (Math.Round(interval.Low, 9), Math.Round(interval.High, 9)));
    }
}
