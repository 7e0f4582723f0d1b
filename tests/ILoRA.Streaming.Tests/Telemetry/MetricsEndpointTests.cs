using ILoRA.Streaming.Telemetry;
using ILoRA.Streaming.Tests.Hosting;

namespace ILoRA.Streaming.Tests.Telemetry;

public sealed class MetricsEndpointTests
{
    [Fact]
    public async Task A_batch_of_a_fifth_of_a_second_lands_between_a_tenth_and_a_quarter()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var host = await HttpHost.StartAsync(cancel);
        StreamMetrics.BatchSeconds.Record(.2, new KeyValuePair<string, object?>("worker", "buckets"));

        string[] buckets = [.. (await host.GetAsync("/metrics", cancel)).Body.Split('\n')
            .Where(line => line.StartsWith("ilora_batch_duration_seconds_bucket", StringComparison.Ordinal)
                && line.Contains("worker=\"buckets\"", StringComparison.Ordinal))];

        Assert.EndsWith("le=\"0.1\"} 0", Assert.Single(buckets, line => line.Contains("le=\"0.1\"", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.EndsWith("le=\"0.25\"} 1", Assert.Single(buckets, line => line.Contains("le=\"0.25\"", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_follow_the_unit_and_the_kind_as_the_documentation_has_them()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var host = await HttpHost.StartAsync(cancel);
        StreamMetrics.Events.Add(1, new KeyValuePair<string, object?>("worker", "names"));
        StreamMetrics.DependencyUp.Record(1, new KeyValuePair<string, object?>("dependency", "names"));

        var text = (await host.GetAsync("/metrics", cancel)).Body;

        Assert.Contains("# TYPE ilora_events_total counter", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE ilora_dependency_up gauge", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_histogram_of_seconds_has_buckets_from_a_millisecond_to_minutes()
    {
        var seconds = Instruments.All.Where(instrument => instrument.Unit == "s").ToArray();

        Assert.NotEmpty(seconds);
        Assert.All(seconds, instrument => Assert.Equal((.001, 300.0), (instrument.Buckets[0], instrument.Buckets[^1])));
    }
}
