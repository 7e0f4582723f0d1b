using ILoRA.Streaming.Telemetry;

namespace ILoRA.Streaming.Tests.Telemetry;

public sealed class CountedWarningTests
{
    private readonly SetClock clock = new();
    private readonly List<(long Times, string Latest)> warned = [];
    private readonly CountedWarning<string> warning;

    public CountedWarningTests() => warning = new(clock, (times, latest) => warned.Add((times, latest)));

    [Fact]
    public void The_first_is_warned_of_at_once_and_the_rest_once_a_minute()
    {
        Happens("a");
        Happens("b", "c");
        clock.Seconds = 59;
        Happens("d");
        clock.Seconds = 60;
        warning.Report();
        warning.Report();
        clock.Seconds = 600;
        warning.Report();
        Happens("e");

        Assert.Equal([(1, "a"), (3, "d"), (1, "e")], warned);
    }

    [Fact]
    public void What_is_held_back_at_the_end_is_told()
    {
        Happens("a");
        Happens("b");
        warning.Finish();
        warning.Finish();

        Assert.Equal([(1, "a"), (1, "b")], warned);
    }

    private void Happens(params string[] examples)
    {
        foreach (var example in examples)
            warning.Count(example);
        warning.Report();
    }

    private sealed class SetClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
