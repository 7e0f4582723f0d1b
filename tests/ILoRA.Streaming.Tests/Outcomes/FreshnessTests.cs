using ILoRA.Streaming.Outcomes;

namespace ILoRA.Streaming.Tests.Outcomes;

public sealed class FreshnessTests
{
    private static readonly DateTimeOffset Start = new(2011, 9, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Freshness freshness = new();

    [Fact]
    public void A_click_waits_until_a_version_trained_on_it_is_served()
    {
        freshness.Clicked(0, 4, Start);
        freshness.Trained("online-000002", Up(to: 5));
        Assert.Equal(0, freshness.Quantiles.Count);
        freshness.Served("online-000002", Start.AddSeconds(10));
        Assert.InRange(freshness.Quantiles.Of(.5)!.Value.TotalSeconds, 9.9, 10.1);
    }

    [Fact]
    public void A_click_at_the_next_offset_is_not_yet_learned()
    {
        freshness.Clicked(0, 5, Start);
        freshness.Trained("online-000002", Up(to: 5));
        freshness.Served("online-000002", Start.AddSeconds(10));
        Assert.Equal(0, freshness.Quantiles.Count);
    }

    [Fact]
    public void Only_the_first_recommendation_of_a_version_counts()
    {
        freshness.Clicked(0, 0, Start);
        freshness.Trained("a", Up(to: 1));
        freshness.Served("a", Start.AddSeconds(3));
        freshness.Served("a", Start.AddSeconds(30));
        freshness.Trained("b", Up(to: 1));
        freshness.Served("b", Start.AddSeconds(60));
        Assert.Equal(1, freshness.Quantiles.Count);
        Assert.InRange(freshness.Quantiles.Of(1)!.Value.TotalSeconds, 2.9, 3.1);
    }

    [Theory]
    [InlineData("cts"), InlineData("cst"), InlineData("tcs"), InlineData("tsc"), InlineData("sct"), InlineData("stc")]
    public void The_order_in_which_topics_are_read_does_not_matter(string order)
    {
        foreach (var step in order)
        {
            if (step == 'c')
                freshness.Clicked(0, 0, Start);
            else if (step == 't')
                freshness.Trained("a", Up(to: 1));
            else
                freshness.Served("a", Start.AddSeconds(7));
        }
        Assert.Equal(1, freshness.Quantiles.Count);
        Assert.InRange(freshness.Quantiles.Of(1)!.Value.TotalSeconds, 6.9, 7.1);
    }

    [Fact]
    public void Another_partition_is_not_reached()
    {
        freshness.Clicked(1, 0, Start);
        freshness.Trained("a", Up(to: 9));
        freshness.Served("a", Start.AddSeconds(7));
        Assert.Equal(0, freshness.Quantiles.Count);
        Assert.False(freshness.Knows("a", 1, 0));
        Assert.True(freshness.Knows("a", 0, 8));
    }

    private static Dictionary<int, long> Up(long to) => new() { [0] = to };
}
