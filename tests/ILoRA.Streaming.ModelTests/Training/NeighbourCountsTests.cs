using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Training.Samples;
using Xunit;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class NeighbourCountsTests
{
    [Fact]
    public void A_click_pairs_with_the_five_before_it_both_ways_and_each_step_counts_less()
    {
        var counts = new NeighbourCounts(ItemNeighbours.None(2), 10);
        counts.Click([6, 5, 4, 3, 7, 1], 7);
        Assert.Equal([KeyValuePair.Create(1, 1f), KeyValuePair.Create(3, 0.7f * 0.7f), KeyValuePair.Create(4, 0.7f * 0.7f * 0.7f), KeyValuePair.Create(5, 0.7f * 0.7f * 0.7f * 0.7f)],
            counts.Of(7).OrderBy(pair => pair.Key));
        Assert.Equal(counts.Of(7).Single(pair => pair.Key == 4).Value, counts.Of(4).Single().Value);
        Assert.Empty(counts.Of(6));
        Assert.Empty(counts.Of(2));
    }

    [Fact]
    public void The_strongest_neighbours_are_exported_and_counting_goes_on_from_them()
    {
        var counts = new NeighbourCounts(ItemNeighbours.None(4), 2);
        foreach (var (other, times) in new[] { (1, 3), (2, 1), (3, 2) })
        {
            for (var i = 0; i < times; i++)
                counts.Click([other], 0);
        }
        var exported = counts.Export(5);
        Assert.Equal(5, exported.Count);
        Assert.Equal([KeyValuePair.Create(1, 3f), KeyValuePair.Create(3, 2f)], exported.Of(0));
        var resumed = new NeighbourCounts(exported, 2);
        foreach (var one in new[] { counts, resumed })
            one.Click([2], 0);
        Assert.Equal(counts.Export(5).Weights, resumed.Export(5).Weights);
        Assert.Equal(counts.Export(5).Rows, resumed.Export(5).Rows);
    }
}
