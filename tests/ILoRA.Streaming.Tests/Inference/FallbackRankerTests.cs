using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Items;

namespace ILoRA.Streaming.Tests.Inference;

public sealed class FallbackRankerTests
{
    private static readonly ItemId[] PopularItems = [new("p1"), new("p2")];
    private readonly LivePopularity live = new(TimeProvider.System);

    [Fact]
    public void Cold_user_gets_the_versions_popular_items_then_the_newest()
    {
        var list = Rank(PopularItems, Catalogue("p1", "p2", "old", "new"));

        Assert.Equal(Fallback.Cold, list.Fallback);
        Assert.Equal(["p1", "p2", "new", "old"], Ids(list));
        Assert.Empty(list.Gate);
    }

    [Fact]
    public void Without_a_version_the_most_clicked_items_are_ranked_and_marked_popular()
    {
        live.Add(new ItemId("a"));
        live.Add(new ItemId("b"));
        live.Add(new ItemId("b"));

        var list = Rank(null, Catalogue("a", "b", "c"));

        Assert.Equal(Fallback.Popular, list.Fallback);
        Assert.Equal(["b", "a", "c"], Ids(list));
    }

    [Fact]
    public void Without_a_version_and_clicks_the_newest_items_are_ranked_and_marked_fresh()
    {
        var list = Rank(null, Catalogue("old", "new"));

        Assert.Equal(Fallback.Fresh, list.Fallback);
        Assert.Equal(["new", "old"], Ids(list));
    }

    [Fact]
    public void With_an_empty_catalogue_the_clicked_items_are_ranked()
    {
        live.Add(new ItemId("a"));

        var list = Rank(PopularItems, ILoRA.Streaming.Items.Catalogue.Empty);

        Assert.Equal(Fallback.Popular, list.Fallback);
        Assert.Equal(["p1", "p2", "a"], Ids(list));
    }

    [Fact]
    public void Deleted_and_unknown_items_are_not_ranked()
    {
        var builder = new CatalogueBuilder();
        builder.Apply(new ItemEvent { Item = new ItemId("p1"), Title = "p1", Deleted = true });
        builder.Apply(new ItemEvent { Item = new ItemId("kept"), Title = "kept" });

        Assert.Equal(["kept"], Ids(Rank(PopularItems, builder.Current)));
    }

    [Fact]
    public void List_has_at_most_the_requested_length() =>
        Assert.Equal(["p1"], Ids(new FallbackRanker(live).Rank(PopularItems, Catalogue("p1", "p2"), 1)));

    private RankedList Rank(IReadOnlyList<ItemId>? popular, Catalogue catalogue) => new FallbackRanker(live).Rank(popular, catalogue, 10);

    private static IEnumerable<string> Ids(RankedList list) => list.Items.Select(item => item.Item.Value);

    private static Catalogue Catalogue(params string[] items)
    {
        var builder = new CatalogueBuilder();
        foreach (var item in items)
            builder.Apply(new ItemEvent { Item = new ItemId(item), Title = item });
        return builder.Current;
    }
}
