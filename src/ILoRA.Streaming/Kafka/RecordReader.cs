using Confluent.Kafka;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Kafka;

/// <summary>Reads the records of a worker's batches; those that cannot be read go to the dead letters with the reason.</summary>
/// <param name="read">Makes a record what the worker handles, or throws a <see cref="PoisonException"/>.</param>
/// <param name="deadLetters">Where unreadable records go.</param>
/// <param name="worker">The worker's name in its dead letters.</param>
/// <param name="putsAside">Whether an unreadable record is put aside, or passed over because it was before; null puts all aside.</param>
public sealed class RecordReader<T>(
    Func<ConsumeResult<byte[], byte[]>, T> read, DeadLetters deadLetters, string worker,
    Func<ConsumeResult<byte[], byte[]>, bool>? putsAside = null)
{
    /// <summary>What can be read, in the order of the batch; <paramref name="deliveries"/> reports the dead letters' deliveries.</summary>
    public List<T> Read(ConsumedBatch batch, DeliveryBatch deliveries)
    {
        var values = new List<T>(batch.Records.Count);
        foreach (var record in batch.Records)
        {
            try
            {
                values.Add(read(record));
            }
            catch (PoisonException poison)
            {
                if (putsAside?.Invoke(record) ?? true)
                    deadLetters.Send(deliveries, record, poison.Message, worker);
            }
        }
        return values;
    }
}
