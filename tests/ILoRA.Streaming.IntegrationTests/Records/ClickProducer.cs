using Confluent.Kafka;

namespace ILoRA.Streaming.IntegrationTests.Records;

/// <summary>A site's producer: plain JSON, keyed by user, no header of ours.</summary>
public sealed class ClickProducer(string bootstrap, string topic) : IDisposable
{
    readonly IProducer<string?, byte[]> producer = new ProducerBuilder<string?, byte[]>(new ProducerConfig
    {
        BootstrapServers = bootstrap,
        EnableIdempotence = true,
        LingerMs = 5,
        Partitioner = Partitioner.Murmur2Random,
    }).Build();

    /// <summary>Sends the records in order; ends when the brokers have them all.</summary>
    public async Task SendAsync(IEnumerable<(string User, byte[] Value)> records)
    {
        var deliveries =
            records.Select(record => producer.ProduceAsync(topic, new() { Key = record.User, Value = record.Value })).ToArray();
        await Task.WhenAll(deliveries);
    }

    public void Dispose() => producer.Dispose();
}
