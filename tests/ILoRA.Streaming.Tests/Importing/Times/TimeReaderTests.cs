using ILoRA.Streaming.Events;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Times;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Tests.Importing.Times;

public sealed class TimeReaderTests
{
    private static readonly UnixTime Seconds = new(UnixUnit.Seconds);
    private readonly TimeProvider now = new FixedClock(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_rating_read_as_a_time_is_refused_with_value_and_remedy()
    {
        Assert.False(new TimeReader(Seconds, any: false, now).TryRead("4", out _, out var problem));
        Assert.Equal("time '4' (Unix seconds) is 1970-01-01T00:00:04Z, before 1990; name the column by --columns time=..., "
            + "its form by --time-format, or take such times by --any-time", problem);
    }

    [Theory]
    [InlineData("1989-12-31T23:59:59Z", "before 1990")]
    [InlineData("1990-01-01T00:00:00Z", null)]
    [InlineData("2026-03-02T23:59:59Z", null)]
    [InlineData("2026-03-03T00:00:00Z", "later than tomorrow")]
    public void Times_are_taken_from_1990_to_the_end_of_tomorrow(string text, string? refusal)
    {
        var taken = new TimeReader(TimeFormats.Of("iso")!, any: false, now).TryRead(text, out _, out var problem);
        Assert.Equal(refusal is null, taken);
        Assert.Contains(refusal ?? "", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4")]
    [InlineData("99999999999")]
    public void Any_time_is_taken_where_asked_for(string text) =>
        Assert.True(new TimeReader(Seconds, any: true, now).TryRead(text, out _, out _));

    [Fact]
    public void A_value_of_another_form_is_named()
    {
        Assert.False(new TimeReader(Seconds, any: true, now).TryRead("2011-12-09", out _, out var problem));
        Assert.Equal("'2011-12-09' is not a time of the form Unix seconds", problem);
    }

    [Theory]
    [InlineData("2011-06-01", "2011-06-01T00:00:00.0000000+00:00")]
    [InlineData("20110601", "2011-06-01T00:00:00.0000000+00:00")]
    [InlineData("1306886400000000", "2011-06-01T00:00:00.0000000+00:00")]
    public void A_single_time_of_a_command_line_reads_the_same(string text, string time)
    {
        Assert.True(FileTime.TryParse(text, out var read, out _));
        Assert.Equal(time, read.ToString("O"));
    }

    [Fact]
    public void A_single_time_that_may_be_two_is_refused()
    {
        Assert.False(FileTime.TryParse("01/06/2011", out _, out var problem));
        Assert.Equal("'01/06/2011' may have the day or the month first; write it as 2011-12-09", problem);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    [Fact]
    public void A_single_time_that_may_have_its_year_first_is_refused()
    {
        Assert.False(FileTime.TryParse("23-05-14", out _, out var problem));
        Assert.Equal("'23-05-14' may be dd-MM-yy or yy-MM-dd; write it as 2011-12-09", problem);
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", false)]
    [InlineData("1900-01-01T23:59:59Z", false)]
    [InlineData("1900-01-02T00:00:00Z", true)]
    [InlineData("9999-12-30T23:59:59Z", true)]
    [InlineData("9999-12-31T00:00:00Z", false)]
    public void Any_time_is_one_that_events_can_have(string text, bool taken)
    {
        Assert.Equal(taken, new TimeReader(TimeFormats.Of("iso")!, any: true, now).TryRead(text, out var time, out var problem));
        Assert.Equal(taken ? "" : $"time '{text}' (iso) is {text}, which events cannot have: they are of the years 1900 to 9999", problem);
        if (!taken)
            return;
        var written = EventJson.Write(new ClickEvent { User = new("u"), Item = new("i"), Time = time });
        Assert.Equal(time, EventJson.Parse<ClickEvent>(written).Time);
    }
}
