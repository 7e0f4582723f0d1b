using ILoRA.Streaming.Ingest;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Sequences;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Cli.Benching;

/// <summary>
/// Applies batches of clicks to sequences in Redis as the ingest worker does, one batch after the other, and reads users back.
/// </summary>
internal sealed class RedisRun(IConnectionMultiplexer redis, RedisOptions options, int batch)
{
    private const string Topic = "clicks";
    private readonly SequenceStore store = new(redis, Options.Create(options), Options.Create(new SequenceOptions()));

    public async Task<double> AppliesPerSecondAsync(SyntheticClicks clicks, int events, CancellationToken cancellation)
    {
        var apply = new SequenceApply(store, Options.Create(new SequenceOptions()));
        var (format, topic) = (new KafkaOptions().ClickFormat(), LogPosition.TopicCode(Topic));
        var batches =
            Enumerable.Range(0, events).Select(_ => ReceivedClick.Read(clicks.NextRecord(Topic), format, topic, 0)).Chunk(batch).ToArray();
        var started = TimeProvider.System.GetTimestamp();
        foreach (var part in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            await apply.ApplyAsync(part, []);
        }
        return events / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    public async Task<double> ReadsPerSecondAsync(int users, int reads, CancellationToken cancellation)
    {
        var parts = Enumerable.Range(0, reads).Select(read => $"user-{read % users}").Chunk(batch).ToArray();
        var started = TimeProvider.System.GetTimestamp();
        foreach (var part in parts)
        {
            cancellation.ThrowIfCancellationRequested();
            await store.ReadAsync(part);
        }
        return reads / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }
}
