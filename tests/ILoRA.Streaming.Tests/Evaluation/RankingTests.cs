using ILoRA.Streaming.Training.Evaluation;
using Xunit;

namespace ILoRA.Streaming.Tests.Evaluation;

public sealed class RankingTests
{
    private static readonly RankingCase Case = new(4, [1], 9, [[5, 9, 6], [9, 5, 6]]);

    [Fact]
    public void A_rank_counts_what_scores_higher() => Assert.Equal([2, 1], Case.Ranks([[3, 2, 1], [3, 2, 1]]));

    [Fact]
    public void Among_equal_scores_the_earlier_place_ranks_higher() => Assert.Equal([2, 1], Case.Ranks([[1, 1, 1], [1, 1, 1]]));

    [Fact]
    public void A_score_that_is_no_number_is_named_with_its_row() =>
        Assert.StartsWith("Row 4:", Assert.Throws<InvalidDataException>(() => Case.Ranks([[1, float.NaN, 1], [1, 1, 1]])).Message, StringComparison.Ordinal);

    [Fact]
    public void Scores_of_the_catalogue_are_picked_by_draw() => Assert.Equal([[50, 90, 60], [90, 50, 60]], Case.Pick([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]));

    /// <summary>Ranks 1 and 3 in the first row, 6 and 1 in the second.</summary>
    [Fact]
    public void Figures_are_means_over_rows_and_draws()
    {
        var result = new MethodResult("m", false, [[1, 3], [6, 1]], [], [], TimeSpan.Zero);
        Assert.Equal((2, 4, 0.5), (result.Right, result.Total, result.Hr1));
        Assert.Equal([0.5, 0.5], result.Hr1ByRow());
        Assert.Equal((1 + 0.5 + 0 + 1) / 4, result.Ndcg5, 1e-12);                  // 1 / log2(1 + 3) = 0.5
        Assert.Equal((1 + 1 / 3.0 + 1 / 6.0 + 1) / 4, result.Mrr, 1e-12);
    }

    /// <summary>Softmax of (0, log 3, 0) and of (log 2, 0, 0): the target has 3/5 and 1/2.</summary>
    [Fact]
    public void A_loss_is_the_mean_of_the_draws() =>
        Assert.Equal((Math.Log(5 / 3.0) + Math.Log(2)) / 2, Case.Loss([[0, MathF.Log(3), 0], [MathF.Log(2), 0, 0]]), 1e-6);

    [Fact]
    public void An_interval_of_half_zeros_is_that_of_the_binomial()
    {
        var interval = new Bootstrap(100, 1).Mean([.. Enumerable.Range(0, 100).Select(row => row % 2.0)]);
        Assert.InRange(interval.Low, 0.38, 0.42);       // 0.5 - 1.96 x 0.05
        Assert.InRange(interval.High, 0.58, 0.62);
    }

    [Fact]
    public void A_constant_gain_has_an_interval_without_width_whatever_the_rows_do()
    {
        double[] b = [.. Enumerable.Range(0, 50).Select(row => row % 5 / 10.0)];
        var interval = new Bootstrap(50, 1).Difference([.. b.Select(value => value + 0.125)], b);
        Assert.Equal((0.125, 0.125), (Math.Round(interval.Low, 9), Math.Round(interval.High, 9)));
    }
}
