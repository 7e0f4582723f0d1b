using ILoRA.Streaming.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ILoRA.Streaming.Tests.Kafka;

public sealed class DeadLetterWarningsTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly Logs logs = new();
    private readonly DeadLetterWarnings warnings;

    public DeadLetterWarningsTests() => warnings = new(time, logs);

    [Fact]
    public void A_hundred_bad_records_are_two_lines_the_first_at_once_and_the_rest_after_a_minute()
    {
        for (var i = 0; i < 100; i++)
            warnings.Count(new("clicks", 2, i), $"$.time: is in seconds, got {i}");
        Assert.Equal(["Dead letters: 1, the latest clicks-2@0: $.time: is in seconds, got 0"], logs.Lines);

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Dead letters: 99, the latest clicks-2@99: $.time: is in seconds, got 99", logs.Lines[^1]);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, logs.Lines.Count);
    }

    [Fact]
    public void Another_topic_and_another_kind_of_reason_are_told_at_once()
    {
        warnings.Count(new("clicks", 0, 1), "$.time: is missing");
        warnings.Count(new("items", 0, 1), "$.time: is missing");
        warnings.Count(new("clicks", 0, 2), "$.user: is missing");
        warnings.Count(new("clicks", 0, 3), "$.time: is missing");
        Assert.Equal(3, logs.Lines.Count);
    }

    [Fact]
    public void Reasons_that_never_repeat_do_not_make_a_line_each()
    {
        for (var i = 0; i < 1_000; i++)
            warnings.Count(new("clicks", 0, i), $"$.{new string('x', i + 1)}: is unknown");
        Assert.InRange(logs.Lines.Count, 1, 110);
    }

    [Fact]
    public void What_is_held_back_is_told_at_the_end()
    {
        warnings.Count(new("clicks", 0, 1), "bad");
        warnings.Count(new("clicks", 0, 2), "bad");
        warnings.Dispose();
        Assert.Equal(["Dead letters: 1, the latest clicks-0@1: bad", "Dead letters: 1, the latest clicks-0@2: bad"], logs.Lines);
    }

    public void Dispose() => warnings.Dispose();

    private sealed class Logs : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
