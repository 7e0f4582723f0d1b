using System.Globalization;
using System.Text;
using ILoRA.Streaming.Ingest;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ILoRA.Streaming.IntegrationTests.Ingest;

/// <summary>Clicks whose times are not in the order of their arrival.</summary>
public sealed class ClickTimesTests(EmbeddedServers servers) : IngestTests(servers)
{
    [Fact]
    public async Task A_click_of_the_future_is_put_aside_and_the_users_other_clicks_go_on()
    {
        await using var ingest = await StartAsync();

        await Probe.SendRawAsync(Topics.Clicks, "u", """{"user":"u","item":"x","time":"2099-01-01T00:00:00Z"}"""u8.ToArray());
        for (var i = 0; i < 20; i++)
            await ClickAsync("u", $"i{i}", i);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"i{i}"), (await SequencesAsync(20))[^1].Items.Select(item => item.Value));
        await Eventually.Holds("the click of 2099 is put aside", () => Probe.Records(Topics.DeadLetters).Count == 1);
        var reason = TopicProbe.Header(Probe.Records(Topics.DeadLetters)[0], DeadLetters.Reason)!;
        Assert.Contains("2099-01-01T00:00:00", reason, StringComparison.Ordinal);
        Assert.Contains("Ingest:ClockSkew", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_click_a_year_late_is_put_in_its_place_and_the_event_says_which()
    {
        await using var ingest = await StartAsync();

        await ClickAsync("u", "b", 0);
        await ClickAsync("u", "a", -TimeSpan.FromDays(365).TotalSeconds);

        var late = (await SequencesAsync(2))[1];
        Assert.Equal(["a", "b"], late.Items.Select(item => item.Value));
        Assert.Equal(A.Start, late.Time);
        Assert.Contains("\"place\":1", Encoding.UTF8.GetString(Probe.Records(Topics.Sequences)[1].Message.Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clicks_older_than_what_is_kept_change_nothing_and_are_warned_of_with_a_count_and_an_example()
    {
        var log = new FakeLogCollector();
        await using (var ingest = await StartAsync("--Sequences:Capacity=2"))
        {
            ingest.Services.GetRequiredService<ILoggerFactory>().AddProvider(new FakeLoggerProvider(log));
            foreach (var seconds in new[] { 10, 20, 1, 2, 3, 30 })
                await ClickAsync("u", $"at{seconds}", seconds);

            Assert.Equal([["at10"], ["at10", "at20"], ["at20", "at30"]],
                (await SequencesAsync(3)).Select(sequence => sequence.Items.Select(item => item.Value)));
        }
        string[] told =
        [
            .. log.GetSnapshot().Where(said => said.Level == LogLevel.Warning && said.Category == typeof(ClickEmitter).FullName)
                .Select(said => said.Message),
        ];
        Assert.Equal(3, told.Sum(warning => long.Parse(warning.Split(' ')[0], CultureInfo.InvariantCulture)));
        Assert.InRange(told.Length, 1, 2);   // at once, and when the worker ends
        Assert.Matches($"the latest is {Topics.Clicks}-[01]@4, of 2026-01-01 00:00:03Z", told[^1]);
    }
}
