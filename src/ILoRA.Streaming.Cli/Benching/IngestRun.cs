using Confluent.Kafka;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Ingest;

namespace ILoRA.Streaming.Cli.Benching;

/// <summary>
/// Drains a topic that already holds all clicks through the ingest worker, and times it from the first sequence to the last.
/// </summary>
internal sealed class IngestRun(BenchCluster cluster, string redis, int events)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <returns>Events a second between the first sequences seen and the last, and the seconds from starting the worker to the
    /// last.</returns>
    public async Task<(double PerSecond, double Seconds)> RunAsync(CancellationToken cancellation)
    {
        var builder = StreamHost.CreateBuilder(
            [
                "--bootstrap", cluster.Kafka.Bootstrap, "--redis", redis, "--namespace", cluster.Namespace.Value,
                "--Logging:LogLevel:Default", "Error",
            ],
            "ilora-ingest");
        builder.Services.AddIngest(builder.Configuration);
        await using var app = builder.Build();
        var started = TimeProvider.System.GetTimestamp();
        await app.StartAsync(cancellation);
        var measured = await Task.Run(() => Measure(started, cancellation), cancellation);
        await app.StopAsync(CancellationToken.None);
        return measured;
    }

    private (double PerSecond, double Seconds) Measure(long started, CancellationToken cancellation)
    {
        using var reader = new ConsumerBuilder<byte[], byte[]>(cluster.Kafka.Reader()).SetLogHandler((_, _) => { }).Build();
        (long Count, TimeSpan At)? first = null;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = BenchCluster.Count(reader, cluster.Kafka.Topics.Sequences, cluster.Partitions);
            var at = TimeProvider.System.GetElapsedTime(started);
            if (count > 0)
                first ??= (count, at);
            if (count >= events && first is { } begin)
                return ((count - begin.Count) / Math.Max((at - begin.At).TotalSeconds, 1e-3), at.TotalSeconds);
            if (at > Patience)
                throw new TimeoutException($"Ingest emitted {count:N0} of {events:N0} sequences in {Patience.TotalMinutes:0} minutes.");
            cancellation.WaitHandle.WaitOne(Look);
        }
    }
}
