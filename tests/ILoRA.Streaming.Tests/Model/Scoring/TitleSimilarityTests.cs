using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Tests.Model.Scoring;

public sealed class TitleSimilarityTests
{
    [Fact]
    public void A_direction_has_length_one_and_that_of_the_mean_is_zero()
    {
        Assert.Equal([0.6f, 0.8f], TitleSimilarity.Direction([4, 5], [1, 1]));
        Assert.Equal([0f, 0f], TitleSimilarity.Direction([1, 1], [1, 1]));
    }

    [Fact]
    public void The_direction_of_an_item_without_a_title_is_zero() => Assert.Equal([0f, 0f], TitleSimilarity.Direction([0, 0], [1, 1]));

    [Fact]
    public void The_newest_title_has_the_largest_weight_and_only_ten_are_used()
    {
        var history = Enumerable.Range(0, 12).Select(at => new[] { at == 0 ? 1000f : 0, at == 11 ? 1f : 0, at == 10 ? 1f : 0 }).ToArray();
        Assert.Equal([0f, 1f, 0.4f], TitleSimilarity.Query(history, 3));
    }

    [Fact]
    public void The_query_of_an_empty_history_is_zero() => Assert.Equal([0f, 0f], TitleSimilarity.Query([], 2));
}
