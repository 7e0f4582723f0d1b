using ILoRA.Streaming.Items;

namespace ILoRA.Streaming.Tests.Items;

public sealed class CatalogueTests
{
    private readonly CatalogueBuilder builder = new();

    [Fact]
    public void Items_keep_the_place_at_which_they_were_first_seen()
    {
        Apply("a", "A");
        Apply("b", "B");
        Apply("a", "A, renamed");
        Assert.Equal(["a", "b"], builder.Current.Entries.Select(entry => entry.Item.Value));
        Assert.Equal("A, renamed", builder.Current.TitleOf(new("a")));
    }

    [Fact]
    public void A_catalogue_in_hand_does_not_change()
    {
        Apply("a", "A");
        var before = builder.Current;
        Apply("b", "B");
        Apply("a", "A, renamed");
        Assert.Equal((1, -1, "A"), (before.Count, before.PlaceOf(new("b")), before.TitleOf(new("a"))));
    }

    [Fact]
    public void The_same_catalogue_is_given_until_something_changes()
    {
        Apply("a", "A");
        var before = builder.Current;
        Assert.Same(before, builder.Current);
        Apply("a", "A");
        Assert.True(builder.Current.Revision > before.Revision);
    }

    [Fact]
    public void A_deleted_item_keeps_place_and_title()
    {
        Apply("a", "A");
        Apply("b", "B");
        builder.Apply(new() { Item = new("a"), Title = "A", Deleted = true });
        builder.Remove(new("b"));
        Assert.All(builder.Current.Entries, entry => Assert.True(entry.Deleted));
        Assert.Equal((2, "B"), (builder.Current.Count, builder.Current.TitleOf(new("b"))));
    }

    [Fact]
    public void An_erased_item_that_was_never_seen_is_no_item()
    {
        builder.Remove(new("a"));
        Assert.Equal(0, builder.Current.Count);
    }

    [Fact]
    public void An_item_that_comes_back_is_recommended_again()
    {
        Apply("a", "A");
        builder.Remove(new("a"));
        Apply("a", "A");
        Assert.False(builder.Current.Find(new("a"))!.Deleted);
    }

    private void Apply(string item, string title) => builder.Apply(new() { Item = new(item), Title = title });
}
