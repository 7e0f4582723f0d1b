using ILoRA.Streaming.Ingest;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Tests.Ingest;

public sealed class ClickClockTests
{
    private static readonly TimeProvider Clock = new ClockAt(A.Start);

    [Theory]
    [InlineData(-5e8)]   // imports of old clicks are no matter of the clock
    [InlineData(299.999)]
    [InlineData(300)]
    public void A_click_up_to_five_minutes_after_the_clock_is_taken(double seconds) =>
        new ClickClock(Clock, Options.Create(new IngestOptions())).Check(A.Click(seconds: seconds));

    [Fact]
    public void A_click_beyond_is_refused_with_its_time_the_clock_and_the_option()
    {
        var clock = new ClickClock(Clock, Options.Create(new IngestOptions()));

        var refused = Assert.Throws<PoisonException>(() => clock.Check(A.Click(seconds: 301)));

        Assert.Equal(
            "$.time: 2026-01-01T00:05:01.000Z is more than 00:05:00 after the worker's clock, 2026-01-01T00:00:00.000Z; "
                + "correct the clock that gave it, or raise Ingest:ClockSkew",
            refused.Message);
    }

    [Fact]
    public void The_option_moves_the_limit()
    {
        var clock = new ClickClock(Clock, Options.Create(new IngestOptions { ClockSkew = TimeSpan.FromDays(1) }));

        clock.Check(A.Click(seconds: 86_400));
        Assert.Throws<PoisonException>(() => clock.Check(A.Click(seconds: 86_401)));
    }

    private sealed class ClockAt(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
