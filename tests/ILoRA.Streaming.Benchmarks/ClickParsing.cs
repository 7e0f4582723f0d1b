using BenchmarkDotNet.Attributes;
using Confluent.Kafka;
using ILoRA.Streaming.Envelopes;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Ingest;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Sequences;

namespace ILoRA.Streaming.Benchmarks;

/// <summary>Measures parsing a click: its JSON alone, and the record as ingest reads it.</summary>
[MemoryDiagnoser]
public class ClickParsing
{
    private static readonly byte[] Value =
        """{"user":"17850","item":"85123A","time":"2011-09-01T12:00:00Z","id":"events.tsv-e7ab3fc28edd:46","session":"s1"}"""u8.ToArray();

    private readonly RecordFormat format = new KafkaOptions().ClickFormat();
    private readonly uint topic = LogPosition.TopicCode("clicks");
    private readonly ConsumeResult<byte[], byte[]> record = new()
    {
        TopicPartitionOffset = new TopicPartitionOffset("clicks", 0, 17),
        Message = new Message<byte[], byte[]> { Value = Value, Headers = [] },
    };

    [Benchmark(Baseline = true)]
    public ClickEvent Json() => EventJson.Parse<ClickEvent>(Value);

    [Benchmark]
    public ReceivedClick Record() => ReceivedClick.Read(record, format, topic, 0);
}
