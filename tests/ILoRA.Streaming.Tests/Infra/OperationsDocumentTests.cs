using System.Text.RegularExpressions;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Tests.Telemetry;

namespace ILoRA.Streaming.Tests.Infra;

public sealed partial class OperationsDocumentTests
{
    static readonly string Document = File.ReadAllText(Repository.PathOf("docs", "operations.md"));

    [Fact]
    public void Every_metric_is_in_the_table_with_its_type_and_no_other() => Assert.Equal(
        Instruments.All.Select(instrument => (PrometheusName(instrument), TypeOf(instrument))).Order(),
        MetricRow().Matches(Document).Select(row => (row.Groups["name"].Value, row.Groups["type"].Value)).Order());

    [Fact]
    public void Every_endpoint_is_named() =>
        Assert.All(["/health", "/health/live", "/health/ready", "/metrics"],
            path => Assert.Contains($"| `{path}` |", Document, StringComparison.Ordinal));

    [Fact]
    public void Every_metric_of_an_alert_exists()
    {
        var names = Instruments.All.Select(PrometheusName).ToHashSet();
        var used = MetricName().Matches(Document).Select(match => match.Value.Replace("_bucket", "", StringComparison.Ordinal)).Distinct();
        Assert.Equal([], used.Where(name => !names.Contains(name)));
    }

    // What OpenTelemetry's exporter makes of a name: dots, units and kinds.
    static string PrometheusName(KnownInstrument instrument) => instrument.Name.Replace('.', '_')
        + (instrument.Unit switch { "s" => "_seconds", _ => "" })
        + (instrument.Kind == "Counter" ? "_total" : "");

    static string TypeOf(KnownInstrument instrument) => instrument.Kind switch
    {
        "ObservableGauge" => "gauge",
        var kind => kind.ToLowerInvariant(),
    };

    [GeneratedRegex(@"^\| `(?<name>ilora_\w+)` \| (?<type>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();

    [GeneratedRegex(@"\bilora_\w+")]
    private static partial Regex MetricName();
}
