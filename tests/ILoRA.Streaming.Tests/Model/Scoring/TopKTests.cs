using CsCheck;
using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Tests.Model.Scoring;

public sealed class TopKTests
{
    [Fact]
    public void The_largest_scores_come_first_and_equal_ones_by_index() =>
        Gen.Select(Gen.Int[-3, 3].Array[0, 40], Gen.Int[0, 45]).Sample((numbers, count) =>
    {
        var scores = Array.ConvertAll(numbers, number => (float)number);
        var expected = Enumerable.Range(0, scores.Length).OrderByDescending(index => scores[index]).ThenBy(index => index).Take(count);
        Assert.Equal(expected, TopK.Of(scores, count));
    });

    [Fact]
    public void Scores_that_are_not_finite_are_skipped() =>
        Assert.Equal([3, 1], TopK.Of([float.NaN, 1, float.NegativeInfinity, 2, float.PositiveInfinity], 4));
}
