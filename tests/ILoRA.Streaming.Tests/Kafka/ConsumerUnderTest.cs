using Confluent.Kafka;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Telemetry;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Testing;

namespace ILoRA.Streaming.Tests.Kafka;

/// <summary>A <see cref="BatchConsumer"/> of one topic; each batch stays unfinished until the test ends it.</summary>
internal sealed class ConsumerUnderTest : IDisposable
{
    private readonly KafkaOptions options;
    private readonly CancellationTokenSource stop = new();
    private readonly StepClock steps = new();
    private readonly List<Batch> batches = [];
    private readonly BatchConsumer consumer;
    private Task run = Task.CompletedTask;

    /// <param name="options">Of the brokers and the batches.</param>
    /// <param name="handle">What a batch does instead of waiting for the test.</param>
    /// <param name="startAt">Where assigned partitions start, by default where the group is.</param>
    public ConsumerUnderTest(
        KafkaOptions options,
        Func<Batch, Task>? handle = null,
        Func<IConsumer<byte[], byte[]>, IReadOnlyList<TopicPartition>, IEnumerable<TopicPartitionOffset>>? startAt = null)
    {
        this.options = options;
        var logger = new FakeLogger<BatchConsumer>(Logs);
        consumer =
            new(options, Group, [Topic], (records, abort) => Handle(records, handle, abort),
                new WorkerHealth(steps, SilentDependencies.Create()), logger)
            { StartAt = startAt };
    }

    public const string Group = "under-test";

    public FakeLogCollector Logs { get; } = new();

    /// <summary>The values of all batches that were begun, in their order; records of one batch joined by a space.</summary>
    public string[] Begun => [.. Snapshot().Select(batch => batch.Values)];

    private string Topic => options.Topics.Clicks;

    public ConsumerUnderTest Start()
    {
        run = consumer.RunAsync(stop.Token);
        return this;
    }

    /// <summary>Asks the consumer to end, as the host does.</summary>
    public void Stop() => stop.Cancel();

    /// <summary>The end of the run, with its exception.</summary>
    public Task EndAsync() => run.WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>Waits until so many batches have begun.</summary>
    public async Task<Batch[]> BegunAsync(int count)
    {
        await Eventually.Holds($"{count} batches have begun", () => run.IsCompleted || Snapshot().Length >= count,
            seen: () => string.Join(" | ", Begun));
        return Snapshot().Length >= count
            ? Snapshot()
            : throw new InvalidOperationException($"The run ended after {Snapshot().Length} of {count} batches.", run.Exception);
    }

    /// <summary>Waits until the polling loop has gone round several times: what it was going to begin by itself, it has begun.</summary>
    public Task TurnsAsync()
    {
        var before = steps.Count;
        return Eventually.Holds("the loop goes round", () => steps.Count >= before + 5);
    }

    /// <summary>Waits until the polling loop stands still, as in a rebalance that waits for unfinished batches.</summary>
    public async Task StandsStillAsync()
    {
        var seen = -1L;
        await Eventually.Holds("the loop stands still", async () =>
        {
            seen = steps.Count;
            await Task.Delay(TimeSpan.FromSeconds(1));
            return steps.Count == seen;
        });
    }

    public Task LoggedAsync(string part) =>
        Eventually.Holds($"'{part}' is logged",
            () => Logs.GetSnapshot().Any(record => record.Message.Contains(part, StringComparison.Ordinal)));

    /// <summary>The group's committed offset of a partition; 0 where it has none.</summary>
    public long Committed(int partition = 0)
    {
        using var asks = new ConsumerBuilder<byte[], byte[]>(options.Consumer(Group)).Build();
        var offset = asks.Committed([new(Topic, partition)], TimeSpan.FromSeconds(30)).Single().Offset;
        return offset.IsSpecial ? 0 : offset.Value;
    }

    private Task Handle(ConsumedBatch records, Func<Batch, Task>? handle, CancellationToken abort)
    {
        var batch = new Batch(records, abort);
        lock (batches)
            batches.Add(batch);
        return handle is null ? batch.Ended : handle(batch);
    }

    private Batch[] Snapshot()
    {
        lock (batches)
            return [.. batches];
    }

    /// <summary>Lets everything end, also where the test failed in between.</summary>
    public void Dispose()
    {
        stop.Cancel();
        foreach (var batch in Snapshot())
            batch.Finish();
        Task.WaitAny([run], TimeSpan.FromMinutes(1));
        stop.Dispose();
    }

    /// <summary>One batch that the consumer gave to its handler.</summary>
    internal sealed class Batch(ConsumedBatch records, CancellationToken abort)
    {
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Values { get; } =
            string.Join(' ', records.Records.Select(record => System.Text.Encoding.UTF8.GetString(record.Message.Value)));

        /// <summary>Cancelled when the run has failed and no longer waits for what was sent.</summary>
        public CancellationToken Abort => abort;

        public Task Ended => ended.Task;

        public void Finish() => ended.TrySetResult();

        public void Fail(Exception failure) => ended.TrySetException(failure);

        /// <summary>Goes on until the run has failed, then ends well.</summary>
        public Task FinishOnAbortAsync() =>
            Task.Delay(Timeout.InfiniteTimeSpan, abort)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    // The consumer reports each turn of its loop to WorkerHealth, which asks the clock once.
    private sealed class StepClock : TimeProvider
    {
        private long count;

        public long Count => Interlocked.Read(ref count);

        public override long GetTimestamp() => Interlocked.Increment(ref count);
    }
}
