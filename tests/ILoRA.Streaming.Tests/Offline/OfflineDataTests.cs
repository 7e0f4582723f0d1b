using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Training.Offline;

namespace ILoRA.Streaming.Tests.Offline;

public sealed class OfflineDataTests
{
    private static readonly ItemLine[] Items = [.. Enumerable.Range(0, OfflineData.MinItems).Select(at =>
        new ItemLine(at + 1, $"i{at}", $"Item {at}"))];

    [Fact]
    public void Clicks_are_sorted_by_time()
    {
        var data = Of(Items, [.. Clicks(users: 2, each: 51).Reverse()]);
        Assert.Equal(data.Clicks.Select(click => click.Time).Order(), data.Clicks.Select(click => click.Time));
        Assert.Equal((102, 0), (data.Clicks.Count, data.UnknownItemClicks));
        Assert.Equal(82, data.Before(0.2));
    }

    [Fact]
    public void Clicks_on_unknown_items_are_left_out_and_counted()
    {
        var data = Of(Items, [.. Clicks(users: 2, each: 60), new ClickLine(121, "u0", "gone", DateTimeOffset.UnixEpoch)]);
        Assert.Equal((120, 1), (data.Clicks.Count, data.UnknownItemClicks));
    }

    [Fact]
    public void Files_of_different_shops_are_rejected()
    {
        ClickLine[] unknown = [.. Clicks(users: 2, each: 60).Select(click => click with { Item = "sku-" + click.Item })];
        Assert.Equal(
            "clicks.csv: 120 of 120 clicks are on items that are not in items.csv (the first: 'sku-i0', line 1); "
            + "are the two files of one shop, and are both ids of the same kind?",
            Assert.Throws<InvalidDataException>(() => Of(Items, unknown)).Message);
    }

    [Fact]
    public void A_catalogue_with_too_few_items_is_rejected() =>
        Assert.StartsWith("items.csv: holds 19 items; 20 are the least",
        Assert.Throws<InvalidDataException>(() => Of(Items[1..], [])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(200, 1, 0)]
    [InlineData(99, 2, 99)]
    public void Clicks_of_users_with_one_click_do_not_count_as_training_data(int users, int each, int following) =>
        Assert.StartsWith($"clicks.csv: {following} of {users * each} clicks follow another one of the same user; 100 are needed",
            Assert.Throws<InvalidDataException>(() => Of(Items, Clicks(users, each))).Message, StringComparison.Ordinal);

    [Fact]
    public void Clicks_on_deleted_items_count() =>
        Assert.Equal(0, Of([.. Items[1..], Items[0] with { Deleted = true }], Clicks(users: 2, each: 60)).UnknownItemClicks);

    [Fact]
    public void Clicks_with_equal_times_are_rejected() => Assert.Equal(
        "clicks.csv: all 120 clicks have one time (1970-01-01 00:00:00 UTC), so that none comes before another; "
        + "give the column in which their times differ.",
        Assert.Throws<InvalidDataException>(
            () => Of(Items, [.. Clicks(users: 2, each: 60).Select(click => click with { Time = DateTimeOffset.UnixEpoch })])).Message);

    [Fact]
    public void Held_out_clicks_of_a_single_user_cannot_be_evaluated()
    {
        // The second user's clicks are the earlier ones.
        var data =
            Of(Items,
                [.. Clicks(users: 1, each: 40).Select(click => click with { User = "u1", Time = click.Time.AddDays(-1) }),
                    .. Clicks(users: 1, each: 120)]);
        Assert.Equal(
            "Of the last 32 clicks only those of user 'u0' follow another one of their user: a verdict on one user says nothing of others. "
            + "Give clicks of a longer time.",
            Assert.Throws<InvalidDataException>(() => data.HeldOut(0.2)).Message);
        Assert.Equal(24 + 119, data.HeldOut(0.9).Count);
    }

    [Fact]
    public void Held_out_users_with_one_click_cannot_be_evaluated()
    {
        var late = Enumerable.Range(0, 60).Select(at => new ClickLine(at, $"late{at}", "i1", DateTimeOffset.UnixEpoch.AddDays(1 + at)));
        var data = Of(Items, [.. Clicks(users: 2, each: 60), .. late]);
        Assert.Equal(
            "None of the last 36 clicks follows another one of its user: there is nothing to judge on. Give clicks of a longer time.",
            Assert.Throws<InvalidDataException>(() => data.HeldOut(0.2)).Message);
        Assert.NotEmpty(data.HeldOut(0.5));
    }

    private static OfflineData Of(IEnumerable<ItemLine> items, IEnumerable<ClickLine> clicks) =>
        OfflineData.Of(items, clicks, "items.csv", "clicks.csv");

    private static ClickLine[] Clicks(int users, int each) =>
        [.. Enumerable.Range(0, users * each).Select(at =>
        new ClickLine(at + 1, $"u{at % users}", $"i{at / users % Items.Length}", DateTimeOffset.UnixEpoch.AddSeconds(at)))];
}
