using ILoRA.Streaming.Model.Scoring;
using Xunit;

namespace ILoRA.Streaming.Tests.Model.Scoring;

public sealed class TitleSimilarityTests
{
    [Fact]
    public void A_direction_has_length_one_and_the_mean_itself_none()
    {
        Assert.Equal([0.6f, 0.8f], TitleSimilarity.Direction([4, 5], [1, 1]));
        Assert.Equal([0f, 0f], TitleSimilarity.Direction([1, 1], [1, 1]));
    }

    [Fact]
    public void Without_a_title_there_is_no_direction() => Assert.Equal([0f, 0f], TitleSimilarity.Direction([0, 0], [1, 1]));

    [Fact]
    public void The_newest_title_counts_most_and_only_ten_are_read()
    {
        var history = Enumerable.Range(0, 12).Select(at => new[] { at == 0 ? 1000f : 0, at == 11 ? 1f : 0, at == 10 ? 1f : 0 }).ToArray();
        Assert.Equal([0f, 1f, 0.4f], TitleSimilarity.Query(history, 3));
    }

    [Fact]
    public void An_empty_history_is_like_nothing() => Assert.Equal([0f, 0f], TitleSimilarity.Query([], 2));
}
