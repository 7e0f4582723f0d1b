using System.Text;
using CsCheck;
using ILoRA.Streaming.Sequences;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Sequences;

public sealed class SequenceTests
{
    private const int Capacity = 5;
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
    [InlineData(Capacity - 1, Appended.Late)]
    [InlineData(Capacity, Appended.TooLate)]
    public void Append_takes_a_click_years_older_than_all_others_until_the_sequence_is_full(int kept, Appended expected)
    {
        var sequence = Fold(Enumerable.Range(0, kept).Select(i => Click($"{i}", 1_767_225_600_000 + i, i)));

        var (next, how) = sequence.Append(Click("old", 1_262_304_000_000, 50), Capacity);

        Assert.Equal(expected, how);
        Assert.Equal(how == Appended.Late, Items(next)[0] == "old");
        Assert.Equal(50, next.Fence!.Value.Offset);
    }

    [Fact]
    public void Append_refuses_a_late_click_that_a_capacity_made_smaller_no_longer_reaches()
    {
        var sequence = Fold(Enumerable.Range(0, Capacity).Select(i => Click($"{i}", 1_000 + i, i)));

        Assert.Equal(Appended.TooLate, sequence.Append(Click("late", 1_002, 50), 2).How);
        Assert.Equal(["late", "4"], Items(sequence.Append(Click("late", 1_003, 50), 2).Next));
    }

    [Fact]
    public void A_late_click_is_found_at_its_place_and_the_newest_at_none()
    {
        SequenceClick[] clicks = [Click("b", 2_000, 0), Click("c", 3_000, 1), Click("a", 1_000, 2)];
        var sequence = Fold(clicks);

        Assert.Equal([2, null, 1], clicks.Select(click => sequence.LatePlace(click)));
        Assert.Null(sequence.LatePlace(Click("d", 4_000, 3)));
    }

    [Fact]
    public void A_late_click_that_comes_again_emits_what_was_known_when_it_came_first()
    {
        var late = Click("a", 1_000, 1);
        var sequence = Fold([Click("b", 2_000, 0), late, Click("c", 3_000, 2)]);

        var again = sequence.Again(late)!;

        Assert.Equal(["a", "b"], Items(again));
        Assert.Equal(1, again.LatePlace(late));
    }

    [Fact]
    public void Append_knows_a_redelivered_click_by_its_place_in_the_log()
    {
        var sequence = Fold([Click("a", 1_000, 7)]);

        var (next, how) = sequence.Append(Click("a", 1_000, 7), Capacity);

        Assert.Equal(Appended.Before, how);
        Assert.Same(sequence, next);
    }

    [Fact]
    public void Append_knows_a_repeated_click_by_its_id_and_moves_the_fence()
    {
        var sequence = Fold([Click("a", 1_000, 7, id: 42)]);

        var (next, how) = sequence.Append(Click("a", 1_000, 8, id: 42), Capacity);

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

        var (next, how) = sequence.Append(click, Capacity);

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

        var (next, _) = sequence.Append(Click("b", 2_000, 1), Capacity);

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

        Assert.Contains("Namespace", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_order_of_arrival_keeps_the_same_history() =>
        // The order of arrival counts among equal times alone: the nth arrival of a time is its nth click in every permutation.
        Gen.Select(Gen.Long[0, 25], Gen.Int[0, 1], Gen.Bool).Array[0, 40].Sample(arrivals =>
        {
            var (sequence, clicks, offsets) = (Sequence.Empty, new List<(long Time, string Item)>(), new long[2]);
            foreach (var (time, partition, twice) in arrivals)
            {
                clicks.Add((time, $"{time}.{clicks.Count(click => click.Time == time)}"));
                for (var copies = twice ? 2 : 1; copies > 0; copies--)
                    sequence =
                        sequence.Append(
                            Click(clicks[^1].Item, time, 0,
                                (ulong)clicks.Count) with
                            { Position = new(Clicks, partition, 0, offsets[partition]++) }, Capacity).Next;
            }
            Assert.Equal(clicks.OrderBy(click => click.Time).Select(click => click.Item).TakeLast(Capacity), Items(sequence));
        });

    [Fact]
    public void Any_run_of_clicks_equals_the_plain_fold() =>
        Gen.Select(Gen.Int[0, 9], Gen.Long[0, 300_000], Gen.Int[0, 12]).Array[0, 60].Sample(clicks =>
        {
            var fold = new ClickFold(Capacity);
            var sequence = Sequence.Empty;
            for (var i = 0; i < clicks.Length; i++)
            {
                var (item, time, id) = clicks[i];
                var changed = fold.Add("u", $"{item}", time, id == 0 ? null : $"{id}");
                (sequence, var how) = sequence.Append(Click($"{item}", time, i, (ulong)id), Capacity);
                Assert.Equal(changed, how is Appended.New or Appended.Late);
                Assert.Equal(fold.Items("u"), Items(sequence));
            }
        });

    private static Sequence Fold(IEnumerable<SequenceClick> clicks) =>
        clicks.Aggregate(Sequence.Empty, (sequence, click) => sequence.Append(click, Capacity).Next);

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
