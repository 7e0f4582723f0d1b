using Confluent.Kafka;

namespace ILoRA.Streaming.Kafka;

/// <summary>The deliveries of one batch as one task, without a task for each record.</summary>
public sealed class DeliveryBatch
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int pending = 1;   // one for the batch itself, given back by CompleteAsync
    private Error? failure;

    public DeliveryBatch() => Report = OnReport;

    internal Action<DeliveryReport<byte[], byte[]>> Report { get; }

    internal void Add() => Interlocked.Increment(ref pending);

    /// <summary>
    /// No more records follow; the task ends when the last one is delivered. A worker that stops need not wait for a broker that hangs:
    /// what it gives up may still be delivered, and is sent again after the next start.
    /// </summary>
    public Task CompleteAsync(CancellationToken cancel)
    {
        Release();
        return done.Task.WaitAsync(cancel);
    }

    private void OnReport(DeliveryReport<byte[], byte[]> report)
    {
        if (report.Error.IsError)
            Interlocked.CompareExchange(ref failure, report.Error, null);
        Release();
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref pending) > 0)
            return;
        if (failure is { } error)
            done.TrySetException(new KafkaException(error));
        else
            done.TrySetResult();
    }
}
