using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Telemetry;

/// <summary>All metrics are in <c>tests/approved/metrics.txt</c>; ILORA_APPROVE=1 writes it anew.</summary>
public sealed class MetricNamesTests
{
    [Fact]
    public void The_metrics_are_the_approved_ones()
    {
        var lines = Instruments.All.Select(metric => $"{metric.Name} {metric.Kind} {metric.Unit}".TrimEnd()).Order(StringComparer.Ordinal);
        var text = string.Concat(lines.Select(line => $"{line}\n"));

        Assert.Equal(text, Approved.Read(Approved.PathOf("metrics.txt"), text));
    }
}
