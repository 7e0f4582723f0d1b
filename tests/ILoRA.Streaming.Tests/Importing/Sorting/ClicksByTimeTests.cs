using CsCheck;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Importing.Sorting;

namespace ILoRA.Streaming.Tests.Importing.Sorting;

public sealed class ClicksByTimeTests
{
    /// <summary>Three clicks a run.</summary>
    private const long SmallBudget = 500;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(ClicksByTime.DefaultBudget)]
    [InlineData(SmallBudget)]
    [InlineData(1)]
    public void Clicks_come_in_the_order_of_time_and_equal_times_in_the_files(long budget)
        => Gen.Int[0, 8].Array[0, 60].Sample(minutes =>
        {
            var clicks = minutes.Select((minute, line) => Click(line + 1, minute)).ToArray();
            using var sorted = ClicksByTime.Sort(clicks, budget);
            Assert.Equal(clicks.Length, sorted.Count);
            Assert.Equal(clicks.OrderBy(click => click.Time).Select(click => click.Line), sorted.Select(click => click.Line));
        }, iter: 200);

    [Fact]
    public void They_may_be_read_several_times_and_side_by_side()
    {
        using var sorted = ClicksByTime.Sort(Enumerable.Range(1, 20).Select(line => Click(line, 20 - line)), SmallBudget);
        var expected = Enumerable.Range(1, 20).Reverse().Select(line => (long)line).ToArray();
        Assert.Equal(expected, sorted.Select(click => click.Line));
        Assert.Equal(expected.Zip(expected), sorted.Zip(sorted, (one, other) => (one.Line, other.Line)));
    }

    [Fact]
    public void Everything_of_a_click_comes_back_from_disk()
    {
        var full = new ClickLine(7, "ünï", "i\t1", Start.AddTicks(3))
        {
            Id = "",
            Type = ClickType.Purchase,
            Session = "s",
            Recommendation = "r",
        };
        // A new property must be written to disk, too: this test must then set it.
        Assert.DoesNotContain(typeof(ClickLine).GetProperties(), property => property.GetValue(full) is null);
        using var sorted = ClicksByTime.Sort([full, Click(8, 5)], budget: 1);
        Assert.Equal([full, Click(8, 5)], sorted);
    }

    [Fact]
    public void Nothing_is_left_on_disk_even_while_it_is_used()
    {
        var folder = Directory.CreateTempSubdirectory("ilora-sort").FullName;
        using (var sorted = ClicksByTime.Sort(Enumerable.Range(1, 20).Select(line => Click(line, line)), SmallBudget, folder: folder))
        {
            Assert.Equal(20, sorted.Select(click => click.Line).Distinct().Count());
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        }
        Directory.Delete(folder);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        var failure =
            Assert.Throws<DirectoryNotFoundException>(() => ClicksByTime.Sort([Click(1, 1)], budget: 1, folder: "no-such-folder"));
        Assert.Contains("no-such-folder", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_line_ends_the_sort() => Assert.Throws<InvalidDataException>(() => ClicksByTime.Sort(Broken(), budget: 1));

    private static IEnumerable<ClickLine> Broken()
    {
        yield return Click(1, 1);
        throw new InvalidDataException("clicks.csv:2: broken");
    }

    private static ClickLine Click(long line, int minute) => new(line, "u", "i", Start.AddMinutes(minute));
}
