using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using ILoRA.Streaming.Sequences;

namespace ILoRA.Streaming.Benchmarks;

/// <summary>Measures appending a click to a full sequence, in order and late, and reading all its entries.</summary>
[MemoryDiagnoser]
public class SequenceAppend
{
    private const int Capacity = 50;
    private Sequence full = Sequence.Empty;

    [GlobalSetup]
    public void Fill()
    {
        for (var offset = 0; offset < Capacity; offset++)
            full = full.Append(Click(offset, 1000L * offset), Capacity).Next;
    }

    [Benchmark(Baseline = true)]
    public Sequence InOrder() => full.Append(Click(Capacity, 1000L * Capacity), Capacity).Next;

    [Benchmark]
    public Sequence Late() => full.Append(Click(Capacity, 25_500), Capacity).Next;

    [Benchmark]
    public int Walk()
    {
        var bytes = 0;
        foreach (var entry in full)
            bytes += entry.Item.Length;
        return bytes;
    }

    private static SequenceClick Click(long offset, long time)
        => new(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"item-{offset:D4}")), default, time, (ulong)offset + 1,
            new LogPosition(1, 0, 0, offset));
}
