using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class NeighbourCountsTests
{
    [Fact]
    public void A_click_cooccurs_with_the_five_items_before_it_with_decreasing_weight()
    {
        var counts = new NeighbourCounts(ItemNeighbours.None(2), 10);
        counts.Click([6, 5, 4, 3, 7, 1], 7);
        Assert.Equal(
            [KeyValuePair.Create(1, 1f), KeyValuePair.Create(3, 0.7f * 0.7f), KeyValuePair.Create(4, 0.7f * 0.7f * 0.7f),
                KeyValuePair.Create(5, 0.7f * 0.7f * 0.7f * 0.7f)],
            counts.Of(7).OrderBy(pair => pair.Key));
        Assert.Equal(counts.Of(7).Single(pair => pair.Key == 4).Value, counts.Of(4).Single().Value);
        Assert.Empty(counts.Of(6));
        Assert.Empty(counts.Of(2));
    }

    [Fact]
    public void The_strongest_neighbours_are_exported()
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
        // Neighbours that the version leaves out are still counted.
        counts.Click([2], 0);
        counts.Click([2], 0);
        Assert.Equal([KeyValuePair.Create(1, 3f), KeyValuePair.Create(2, 3f)], counts.Export(5).Of(0));
    }

    [Fact]
    public void Counting_continues_from_saved_counts()
    {
        var counts = new NeighbourCounts(ItemNeighbours.None(30), 2);
        for (var other = 1; other < 30; other++)
            for (var i = 0; i < other % 7 + 1; i++)
                counts.Click([other], 0);
        var resumed = new NeighbourCounts(counts.Save(30), 2);
        Assert.Equal(16, resumed.Of(0).Count());
        foreach (var one in new[] { counts, resumed })
            foreach (var other in new[] { 1, 6, 8, 8, 29 })
                one.Click([other], 0);
        Assert.Equal(counts.Save(30).Weights, resumed.Save(30).Weights);
        Assert.Equal(counts.Save(30).Rows, resumed.Save(30).Rows);
        Assert.Equal(counts.Export(30).Rows, resumed.Export(30).Rows);
    }
}
