using System.Text;
using CsCheck;
using ILoRA.Streaming.Sequences;
using ILoRA.Streaming.TestKit;
using Xunit;

namespace ILoRA.Streaming.Tests.Sequences;

public sealed class SequenceTests
{
    private const int Capacity = 5;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(100);
    private static readonly uint Clicks = LogPosition.TopicCode("clicks");

    [Theory]
    [InlineData(Capacity - 1, "0")]
    [InlineData(Capacity, "0")]
    [InlineData(Capacity + 1, "1")]
    public void Append_drops_the_oldest_item_only_beyond_capacity(int clicks, string oldest)
    {
        var sequence = Fold(Enumerable.Range(0, clicks).Select(i => Click($"{i}", time: 1_000 + i, offset: i)));

        Assert.Equal(Math.Min(clicks, Capacity), sequence.Count);
        Assert.Equal(oldest, Items(sequence)[0]);
        Assert.Equal($"{clicks - 1}", Items(sequence)[^1]);
    }

    [Fact]
    public void Append_puts_a_late_click_in_its_place_by_event_time()
    {
        var sequence = Fold([Click("a", 1_000, 0), Click("c", 3_000, 1), Click("b", 2_000, 2)]);

        Assert.Equal(["a", "b", "c"], Items(sequence));
    }

    [Fact]
    public void Append_keeps_the_order_of_arrival_among_equal_times()
    {
        var sequence = Fold([Click("a", 1_000, 0), Click("b", 1_000, 1), Click("c", 1_000, 2)]);

        Assert.Equal(["a", "b", "c"], Items(sequence));
    }

    [Theory]
    [InlineData(100_000, Appended.New)]
    [InlineData(100_001, Appended.TooLate)]
    public void Append_takes_a_late_click_inside_the_window_only(long lateBy, Appended expected)
    {
        var sequence = Fold([Click("a", 500_000, 0)]);

        Assert.Equal(expected, sequence.Append(Click("late", 500_000 - lateBy, 1), Capacity, Window).How);
    }

    [Fact]
    public void Append_refuses_a_click_older_than_everything_in_a_full_sequence()
    {
        var full = Fold(Enumerable.Range(0, Capacity).Select(i => Click($"{i}", 1_000 + i, i)));

        Assert.Equal(Appended.TooLate, full.Append(Click("old", 999, 50), Capacity, Window).How);
    }

    [Fact]
    public void Append_knows_a_redelivered_click_by_its_place_in_the_log()
    {
        var sequence = Fold([Click("a", 1_000, 7)]);

        var (next, how) = sequence.Append(Click("a", 1_000, 7), Capacity, Window);

        Assert.Equal(Appended.Before, how);
        Assert.Same(sequence, next);
    }

    [Fact]
    public void Append_knows_a_repeated_click_by_its_id_and_moves_the_fence()
    {
        var sequence = Fold([Click("a", 1_000, 7, id: 42)]);

        var (next, how) = sequence.Append(Click("a", 1_000, 8, id: 42), Capacity, Window);

        Assert.Equal(Appended.Duplicate, how);
        Assert.Equal(["a"], Items(next));
        Assert.Equal(8, next.Fence!.Value.Offset);
    }

    [Theory]
    [InlineData(1, 0)]   // another partition
    [InlineData(0, 1)]   // the topic was made anew
    public void Append_takes_a_smaller_offset_of_another_log(int partition, int epoch)
    {
        var sequence = Fold([Click("a", 1_000, 900)]);
        var click = Click("b", 2_000, 3) with { Position = new(Clicks, partition, epoch, 3) };

        var (next, how) = sequence.Append(click, Capacity, Window);

        Assert.Equal(Appended.New, how);
        Assert.Equal(["a", "b"], Items(next));
        Assert.Equal(["a", "b"], Items(next.AsOf(3)));
    }

    [Fact]
    public void As_of_a_place_leaves_out_what_came_after_it()
    {
        var sequence = Fold([Click("a", 1_000, 0), Click("b", 2_000, 1), Click("c", 3_000, 2)]);

        Assert.Equal(["a", "b"], Items(sequence.AsOf(1)));
    }

    [Fact]
    public void Join_is_kept_by_later_clicks()
    {
        var sequence = Fold([Click("a", 1_000, 0)]).Join(99, 0);

        var (next, _) = sequence.Append(Click("b", 2_000, 1), Capacity, Window);

        Assert.Equal((99UL, 0L), next.Joined);
    }

    [Fact]
    public void An_item_and_a_session_of_256_bytes_come_back_whole()
    {
        var text = new string('x', 256);
        var click = Click(text, 1_000, 0, id: 5) with { Session = Encoding.UTF8.GetBytes(text) };

        var sequence = Sequence.Parse(Fold([click]).Bytes.ToArray());

        foreach (var entry in sequence)
        {
            Assert.Equal(text, Encoding.UTF8.GetString(entry.Item));
            Assert.Equal(text, Encoding.UTF8.GetString(entry.Session));
            Assert.Equal((1_000L, 0L, 5UL), (entry.Time, entry.Offset, entry.Id));
        }
    }

    [Fact]
    public void Bytes_of_another_format_are_refused_with_the_remedy()
    {
        var error = Assert.Throws<InvalidDataException>(() => Sequence.Parse([9, 9, 9]));

        Assert.Contains("KeyPrefix", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_run_of_clicks_equals_the_plain_fold() =>
        Gen.Select(Gen.Int[0, 9], Gen.Long[0, 300_000], Gen.Int[0, 12]).Array[0, 60].Sample(clicks =>
        {
            var fold = new ClickFold(Capacity, Window);
            var sequence = Sequence.Empty;
            for (var i = 0; i < clicks.Length; i++)
            {
                var (item, time, id) = clicks[i];
                var changed = fold.Add("u", $"{item}", time, id == 0 ? null : $"{id}");
                (sequence, var how) = sequence.Append(Click($"{item}", time, i, (ulong)id), Capacity, Window);
                Assert.Equal(changed, how == Appended.New);
                Assert.Equal(fold.Items("u"), Items(sequence));
            }
        });

    private static Sequence Fold(IEnumerable<SequenceClick> clicks) =>
        clicks.Aggregate(Sequence.Empty, (sequence, click) => sequence.Append(click, Capacity, Window).Next);

    private static SequenceClick Click(string item, long time, long offset, ulong id = 0) =>
        new(Encoding.UTF8.GetBytes(item), default, time, id, new(Clicks, 0, 0, offset));

    private static List<string> Items(Sequence sequence)
    {
        var items = new List<string>();
        foreach (var entry in sequence)
            items.Add(Encoding.UTF8.GetString(entry.Item));
        return items;
    }
}
