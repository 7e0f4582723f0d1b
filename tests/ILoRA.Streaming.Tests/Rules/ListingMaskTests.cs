using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Rules;

namespace ILoRA.Streaming.Tests.Rules;

public sealed class ListingMaskTests
{
    private readonly CatalogueBuilder builder = new();

    public ListingMaskTests()
    {
        foreach (var (item, deleted) in new[] { ("a", false), ("b", true), ("c", false) })
            builder.Apply(new ItemEvent { Item = new(item), Title = item, Deleted = deleted });
    }

    [Fact]
    public void A_deleted_item_and_one_that_is_not_in_the_catalogue_may_not_be_recommended()
    {
        var mask = ListingMask.Of(builder.Current);

        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(mask.Allows));
        Assert.Equal([true, false, true, false], new[] { "a", "b", "c", "x" }.Select(item => mask.Allows(new ItemId(item))));
        Assert.Equal(["c", "a"], mask.NewestFirst().Select(item => item.Value));
    }

    [Fact]
    public void Scores_of_items_that_may_not_be_recommended_are_negative_infinity()
    {
        float[] scores = [1, 2, 3];
        ListingMask.Of(builder.Current).Apply(scores);

        Assert.Equal([1, float.NegativeInfinity, 3], scores);
    }

    [Fact]
    public void A_catalogue_has_one_mask_and_a_changed_one_another()
    {
        var before = builder.Current;
        Assert.Same(ListingMask.Of(before), ListingMask.Of(before));

        builder.Apply(new ItemEvent { Item = new("a"), Title = "a", Deleted = true });

        Assert.False(ListingMask.Of(builder.Current).Allows(0));
        Assert.True(ListingMask.Of(before).Allows(0));
    }
}
