using ILoRA.Streaming.Outcomes;

namespace ILoRA.Streaming.Tests.Outcomes;

public sealed class ScoreboardTests
{
    private static readonly DateTimeOffset Start = new(2011, 9, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Scoreboard board = new(["online", "frozen"]);

    [Fact]
    public void A_click_is_looked_up_in_the_list_before_it()
    {
        board.Observe(Click(0, "a"));
        board.Observe(List(0, ["b", "c"], frozen: ["x"]));
        board.Observe(Click(1, "a", "b"));
        board.Observe(List(1, ["z"], frozen: ["b"]));
        Assert.Equal(1, board.Hits.Clicks);
        Assert.Equal(1, board.Hits.Rate("online"));
        Assert.Equal(0, board.Hits.Rate("frozen"));
    }

    [Fact]
    public void A_users_first_click_is_not_judged()
    {
        board.Observe(Click(0, "a"));
        board.Observe(List(0, ["a"], frozen: ["a"]));
        board.Finish();
        Assert.Equal(0, board.Hits.Clicks);
        Assert.Equal((1L, 1L), (board.Clicks, board.Recommendations));
    }

    [Fact]
    public void Another_users_list_does_not_count()
    {
        board.Observe(List(0, ["b"], frozen: ["b"]));
        board.Observe(Click(1, "b") with { User = "u2" });
        board.Finish();
        Assert.Equal(0, board.Hits.Clicks);
    }

    [Fact]
    public void Two_clicks_before_the_next_list_are_both_looked_up_in_the_last_one()
    {
        board.Observe(List(0, ["b", "c"], frozen: ["c"]));
        board.Observe(Click(1, "b"));
        board.Observe(Click(2, "c"));
        board.Observe(List(2, ["z"], frozen: ["z"]));
        Assert.Equal(2, board.Hits.Clicks);
        Assert.Equal(1, board.Hits.Rate("online"));
        Assert.Equal(.5, board.Hits.Rate("frozen"));
    }

    [Fact]
    public void A_click_waits_for_its_own_list_so_that_none_before_it_is_missed()
    {
        board.Observe(List(0, ["x"], frozen: ["x"]));
        board.Observe(Click(2, "b"));
        Assert.Equal(0, board.Hits.Clicks);
        board.Observe(List(1, ["b"], frozen: ["x"]));
        board.Observe(List(2, ["x"], frozen: ["x"]));
        Assert.Equal(1, board.Hits.Rate("online"));
    }

    [Fact]
    public void The_end_judges_clicks_whose_list_never_came()
    {
        board.Observe(List(0, ["b"], frozen: ["x"]));
        board.Observe(Click(1, "b"));
        board.Finish();
        Assert.Equal(1, board.Hits.Clicks);
    }

    [Fact]
    public void Lists_read_before_their_clicks_give_the_same_answer()
    {
        board.Observe(List(0, ["b"], frozen: ["x"]));
        board.Observe(List(1, ["c"], frozen: ["x"]));
        board.Observe(List(2, ["z"], frozen: ["x"]));
        board.Observe(Click(1, "b"));
        board.Observe(Click(2, "c"));
        Assert.Equal(2, board.Hits.Clicks);
        Assert.Equal(1, board.Hits.Rate("online"));
    }

    [Fact]
    public void A_hit_is_among_the_first_ten()
    {
        string[] items = [.. Enumerable.Range(0, 20).Select(i => $"i{i}")];
        board.Observe(List(0, items, frozen: items));
        board.Observe(Click(1, "i9"));
        board.Observe(Click(2, "i10"));
        board.Finish();
        Assert.Equal(.5, board.Hits.Rate("online"));
    }

    [Fact]
    public void Clicks_without_all_shadow_lines_are_left_out_for_all_lines()
    {
        board.Observe(List(0, ["b"], frozen: ["b"]) with { Shadow = new Dictionary<string, IReadOnlyList<string>>() });
        board.Observe(Click(1, "b"));
        board.Finish();
        Assert.Equal(0, board.Hits.Clicks);
    }

    [Fact]
    public void A_list_of_a_version_that_learned_from_the_click_is_not_judged()
    {
        board.Observe("online-000002", new Dictionary<int, long> { [0] = 2 });
        board.Observe(List(0, ["b"], frozen: ["b"]));
        board.Observe(Click(1, "b"));
        board.Observe(Click(2, "b"));
        board.Finish();
        Assert.Equal(1, board.Hits.Clicks);
    }

    [Fact]
    public void Times_and_versions_are_kept()
    {
        board.Observe("online-000001", new Dictionary<int, long>());
        board.Observe("online-000002", new Dictionary<int, long> { [0] = 1 });
        board.Observe(Click(0, "a"));
        board.Observe(List(0, ["b"], frozen: ["b"]));
        Assert.Equal(["online-000002"], board.VersionsLearned);
        Assert.Equal(["online-000002"], board.VersionsServed);
        Assert.InRange(board.Latency.Of(.5)!.Value.TotalMilliseconds, 4.9, 5.1);
        Assert.InRange(board.EndToEnd.Of(.5)!.Value.TotalMilliseconds, 19.5, 20.5);
        Assert.InRange(board.Freshness.Quantiles.Of(.5)!.Value.TotalMilliseconds, 19.5, 20.5);
    }

    private static SeenClick Click(long offset, params string[] items) => new("u1", items, 0, offset, Start.AddSeconds(offset));

    private static SeenList List(long offset, string[] items, string[] frozen) => new(
        "u1", offset, "online-000002", items, new Dictionary<string, IReadOnlyList<string>> { ["frozen"] = frozen },
        TimeSpan.FromMilliseconds(5), Start.AddSeconds(offset).AddMilliseconds(20));
}
