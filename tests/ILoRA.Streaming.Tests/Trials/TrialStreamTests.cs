using ILoRA.Streaming.Training.Trials;

namespace ILoRA.Streaming.Tests.Trials;

public sealed class TrialStreamTests
{
    private static readonly DateTimeOffset Begin = new(2011, 1, 4, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Clicks_before_the_stream_are_history_only()
    {
        var events = Of(2, ("ann", "a", 0), ("ann", "b", 0), ("ann", "c", 1), ("bob", "a", 1), ("bob", "d", 1));
        Assert.Equal(["c after a b", "d after a"], events.Select(e => $"{e.Sample.Target} after {string.Join(' ', e.Sample.History)}"));
    }

    [Theory]
    [InlineData(30, UserSegment.Active)]
    [InlineData(31, UserSegment.Dormant)]
    public void A_user_is_dormant_after_more_than_a_month_away(int days, UserSegment segment) =>
        Assert.Equal(segment, Of(1, ("ann", "a", 0), ("ann", "b", days)).Single().Segment);

    [Fact]
    public void A_visit_stays_dormant_to_the_end_of_its_day() =>
        Assert.Equal([UserSegment.Dormant, UserSegment.Dormant, UserSegment.Active],
            Of(1, ("ann", "a", 0), ("ann", "b", 40), ("ann", "c", 40.2), ("ann", "d", 41)).Select(e => e.Segment));

    [Fact]
    public void A_user_without_a_click_before_the_stream_stays_new() =>
        Assert.Equal([UserSegment.New, UserSegment.New],
            Of(1, ("bob", "a", 0), ("ann", "a", 1), ("ann", "b", 1), ("ann", "c", 90)).Select(e => e.Segment));

    [Fact]
    public void A_user_whose_visit_spans_the_start_is_active() =>
        Assert.Equal(UserSegment.Active, Of(1, ("ann", "a", 0), ("ann", "b", 0.1)).Single().Segment);

    private static IReadOnlyList<TrialEvent> Of(int start, params (string User, string Item, double Day)[] clicks) =>
        TrialStream.Of([.. clicks.Select(click => new TrialClick(click.User, click.Item, Begin.AddDays(click.Day)))], start,
            TimeSpan.FromDays(30));
}
