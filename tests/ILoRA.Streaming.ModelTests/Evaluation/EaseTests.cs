using ILoRA.Streaming.Training.Baselines;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.ModelTests.Evaluation;

public sealed class EaseTests
{
    /// <summary>
    /// Two items, two users with both, one with the first: G = [[3, 2], [2, 2]] + I, its inverse [[3, -2], [-2, 4]] / 8, so B_01 = 2/4 and
    /// B_10 = 2/3.
    /// </summary>
    [Fact]
    public void Scores_of_a_small_example_equal_those_computed_by_hand()
    {
        var ease = new Ease(new Interactions([[0, 1], [1, 0], [0]], 2), lambda: 1);
        Assert.Equal([0, 0.5f], ease.Scores([0]), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([2 / 3f, 0], ease.Scores([1, 1]), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_catalogue_that_is_too_large_for_a_dense_matrix_is_rejected() =>
        Assert.Contains("leave ease out of --baselines",
            Assert.Throws<InvalidDataException>(() => new Ease(new Interactions([], Ease.MaxItems + 1), 1)).Message,
            StringComparison.Ordinal);
}
