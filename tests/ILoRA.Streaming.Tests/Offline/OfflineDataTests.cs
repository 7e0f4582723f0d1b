using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Training.Offline;

namespace ILoRA.Streaming.Tests.Offline;

public sealed class OfflineDataTests
{
    private static readonly ItemLine[] Items = [.. Enumerable.Range(0, OfflineData.LeastItems).Select(at =>
        new ItemLine(at + 1, $"i{at}", $"Item {at}"))];

    [Fact]
    public void Clicks_are_put_in_the_order_of_time()
    {
        var data = Of(Items, [.. Clicks(users: 2, each: 51).Reverse()]);
        Assert.Equal(data.Clicks.Select(click => click.Time).Order(), data.Clicks.Select(click => click.Time));
        Assert.Equal((102, 0), (data.Clicks.Count, data.Strange));
        Assert.Equal(82, data.Before(0.2));
    }

    [Fact]
    public void Clicks_on_items_that_the_catalogue_lacks_are_left_out_and_counted()
    {
        var data = Of(Items, [.. Clicks(users: 2, each: 60), new ClickLine(121, "u0", "gone", DateTimeOffset.UnixEpoch)]);
        Assert.Equal((120, 1), (data.Clicks.Count, data.Strange));
    }

    [Fact]
    public void Files_of_different_shops_are_refused()
    {
        ClickLine[] strange = [.. Clicks(users: 2, each: 60).Select(click => click with { Item = "sku-" + click.Item })];
        Assert.Equal(
            "clicks.csv: 120 of 120 clicks are on items that are not in items.csv (the first: 'sku-i0', line 1); "
            + "are the two files of one shop, and are both ids of the same kind?",
            Assert.Throws<InvalidDataException>(() => Of(Items, strange)).Message);
    }

    [Fact]
    public void A_catalogue_that_nearly_fits_on_one_list_is_refused() =>
        Assert.StartsWith("items.csv: holds 19 items; 20 are the least",
        Assert.Throws<InvalidDataException>(() => Of(Items[1..], [])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(200, 1, 0)]
    [InlineData(99, 2, 99)]
    public void Users_with_one_click_teach_nothing(int users, int each, int following) =>
        Assert.StartsWith($"clicks.csv: {following} of {users * each} clicks follow another one of the same user; 100 are needed",
            Assert.Throws<InvalidDataException>(() => Of(Items, Clicks(users, each))).Message, StringComparison.Ordinal);

    [Fact]
    public void Clicks_on_items_that_are_sold_no_more_count() =>
        Assert.Equal(0, Of([.. Items[1..], Items[0] with { Deleted = true }], Clicks(users: 2, each: 60)).Strange);

    private static OfflineData Of(IEnumerable<ItemLine> items, IEnumerable<ClickLine> clicks) =>
        OfflineData.Of(items, clicks, "items.csv", "clicks.csv");

    private static ClickLine[] Clicks(int users, int each) =>
        [.. Enumerable.Range(0, users * each).Select(at =>
        new ClickLine(at + 1, $"u{at % users}", $"i{at / users % Items.Length}", DateTimeOffset.UnixEpoch.AddSeconds(at)))];
}
