using ILoRA.Streaming.Importing;

namespace ILoRA.Streaming.Tests.Importing;

public sealed class ReplayPaceTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_291_191_960);

    [Fact]
    public void An_hour_passes_in_a_second_at_speed_3600()
    {
        var clock = new StoppedClock();
        var pace = new ReplayPace(3600, clock);
        Assert.Equal(TimeSpan.Zero, pace.Until(Start));
        Assert.Equal(TimeSpan.FromSeconds(1), pace.Until(Start.AddHours(1)));
        clock.Advance(TimeSpan.FromSeconds(0.4));
        Assert.Equal(TimeSpan.FromSeconds(0.6), pace.Until(Start.AddHours(1)));
    }

    [Fact]
    public void Late_and_out_of_order_events_are_due_at_once()
    {
        var pace = new ReplayPace(1, new StoppedClock());
        pace.Until(Start);
        Assert.Equal(TimeSpan.Zero, pace.Until(Start.AddSeconds(-5)));
    }

    [Fact]
    public void Max_never_waits() => Assert.Equal(TimeSpan.Zero, Waits(double.PositiveInfinity));

    [Theory]
    [InlineData("max", double.PositiveInfinity)]
    [InlineData("60", 60)]
    [InlineData("0.5", 0.5)]
    public void Speeds_parse(string text, double expected)
    {
        Assert.True(ReplayPace.TryParseSpeed(text, out var speed));
        Assert.Equal(expected, speed);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("fast")]
    [InlineData("NaN")]
    public void Other_speeds_do_not(string text) => Assert.False(ReplayPace.TryParseSpeed(text, out _));

    private static TimeSpan Waits(double speed)
    {
        var pace = new ReplayPace(speed, new StoppedClock());
        pace.Until(Start);
        return pace.Until(Start.AddYears(1));
    }

    private sealed class StoppedClock : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Advance(TimeSpan by) => ticks += by.Ticks;
    }
}
