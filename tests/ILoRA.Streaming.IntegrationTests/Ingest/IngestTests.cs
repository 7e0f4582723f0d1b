using Confluent.Kafka;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Ingest;

/// <summary>An ingest worker on embedded servers, in a namespace of its own: clicks in, sequences out.</summary>
public abstract class IngestTests(EmbeddedServers servers) : IClassFixture<EmbeddedServers>, IDisposable
{
    private readonly string prefix = servers.NewPrefix();

    private protected TopicProbe Probe { get; } = new(servers.Bootstrap);

    private protected Topics Topics => new(prefix);

    private protected string Group => $"{prefix}ingest";

    private protected string Bootstrap => servers.Bootstrap;

    public void Dispose()
    {
        Probe.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task<IngestHost> StartAsync(params string[] settings) =>
        IngestHost.StartAsync(servers.Bootstrap, servers.Redis, prefix, settings);

    private protected Task<DeliveryResult<byte[], byte[]>> ClickAsync(string user, string item, double seconds) =>
        Probe.SendAsync(Topics.Clicks, user, A.Click(user, item, seconds));

    private protected async Task<IReadOnlyList<SequenceEvent>> SequencesAsync(int count) => await Eventually.Value(
        $"{count} sequences are emitted", () => Task.FromResult(Probe.Events<SequenceEvent>(Topics.Sequences)),
        sequences => sequences.Count >= count);
}
