using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ILoRA.Streaming.Tests.Telemetry;

public sealed class DependencyTests
{
    private readonly FakeTimeProvider time = new();
    private readonly FakeLogger logger = new();
    private readonly Dependency kafka;

    public DependencyTests() => kafka = new Dependency("Kafka", time, logger);

    [Fact]
    public void A_server_counts_as_unreachable_until_it_has_answered_once()
    {
        Assert.NotNull(kafka.Unreachable);
        kafka.Answered();
        Assert.Null(kafka.Unreachable);
        kafka.Unanswered("no answer");
        Assert.Equal("no answer", kafka.Unreachable);
    }

    [Fact]
    public void Errors_of_clients_alone_do_not_make_a_server_unreachable()
    {
        kafka.Answered();
        kafka.Failed("connection refused");

        Assert.Null(kafka.Unreachable);
    }

    [Fact]
    public void Seventy_errors_a_second_for_three_minutes_are_three_lines_with_their_number()
    {
        for (var i = 0; i < 180 * 70; i++, time.Advance(TimeSpan.FromSeconds(1.0 / 70)))
            kafka.Failed("connection refused");

        var lines = Lines();
        Assert.Equal("Kafka: connection refused. Further errors are counted and reported once a minute.", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.Matches("^Kafka: errors for 1 min, 42\\d\\d more since the last report; the latest: connection refused$", lines[1]);
        Assert.Matches("^Kafka: errors for 2 min, 42\\d\\d more since the last report; the latest: connection refused$", lines[2]);
    }

    [Fact]
    public void The_end_is_one_line_with_the_length_and_what_was_held_back()
    {
        kafka.Failed("connection refused");
        Pass(seconds: 42, () => kafka.Unanswered("no answer"));
        Pass(seconds: 5, kafka.Answered);
        Assert.Single(Lines());

        Pass(seconds: 1, kafka.Answered);

        Assert.Equal("Kafka works again after 43 s; 42 further errors were held back", Lines()[1]);
        Pass(seconds: 300, kafka.Answered);
        Assert.Equal(2, Lines().Length);
    }

    [Fact]
    public void A_client_that_still_fails_while_the_server_answers_prolongs_the_outage()
    {
        kafka.Unanswered("no answer");
        Pass(seconds: 1, kafka.Answered);
        Pass(seconds: 3, () => kafka.Failed("coordinator is loading"));
        Pass(seconds: 5, kafka.Answered);
        Assert.Single(Lines());

        Pass(seconds: 1, kafka.Answered);

        Assert.Equal("Kafka works again after 5 s; 3 further errors were held back", Lines()[1]);
    }

    [Fact]
    public void One_broker_of_several_that_is_down_is_one_outage_though_its_errors_are_half_a_minute_apart()
    {
        kafka.Answered();
        for (var minute = 0; minute < 3; minute++)
        {
            kafka.Failed("broker 2: connection refused");
            Pass(seconds: 30, kafka.Answered);
            kafka.Failed("broker 2: connection refused");
            Pass(seconds: 30, kafka.Answered);
        }
        Pass(seconds: 60, kafka.Answered);

        Assert.Equal([LogLevel.Warning, LogLevel.Warning, LogLevel.Warning, LogLevel.Information],
            logger.Collector.GetSnapshot().Select(record => record.Level));
    }

    [Fact]
    public void A_second_outage_is_reported_as_the_first_was()
    {
        kafka.Unanswered("no answer");
        Pass(seconds: 10, kafka.Answered);
        kafka.Unanswered("no answer, again");

        Assert.Equal(3, Lines().Length);
        Assert.StartsWith("Kafka: no answer, again.", Lines()[2], StringComparison.Ordinal);
    }

    private void Pass(int seconds, Action each)
    {
        for (var i = 0; i < seconds; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            each();
        }
    }

    private string[] Lines() => [.. logger.Collector.GetSnapshot().Select(record => record.Message)];
}
