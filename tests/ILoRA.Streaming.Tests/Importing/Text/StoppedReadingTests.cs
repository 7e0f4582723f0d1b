using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Resuming;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Tests.Importing.Text;

public sealed class StoppedReadingTests : IDisposable
{
    private const int Rows = 1000;
    private static readonly string Clicks =
        "user,item,time\n" + string.Concat(Enumerable.Range(0, Rows).Select(n => $"u{n},i{n},{1_700_000_000 + n}\n"));
    private static readonly string Items = "sku,title\n" + string.Concat(Enumerable.Range(0, Rows).Select(n => $"a{n},Lamp {n}\n"));
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(Rows / 2)]
    [InlineData(Rows + 1)]
    [InlineData(2 * Rows - 1)]
    public void Clicks_are_read_no_further_in_either_pass(int row)
        => Assert.Equal(row, ReadUntil(row, reading => file.Clicks("clicks.csv", Clicks, reading)));

    [Theory]
    [InlineData(1)]
    [InlineData(Rows - 1)]
    public void Items_are_read_no_further(int row) => Assert.Equal(row, ReadUntil(row, reading => file.Items("items.csv", Items, reading)));

    [Fact]
    public void Json_is_read_no_further()
    {
        var text = string.Concat(Enumerable.Range(0, Rows).Select(n => $"{{\"item\":\"a{n}\",\"title\":\"Lamp\"}}\n"));
        Assert.Equal(7, ReadUntil(7, reading => file.Items("items.jsonl", text, reading)));
    }

    [Fact]
    public void Its_encoding_and_its_hash_are_looked_for_no_further()
    {
        var (path, stopped) = (file.Write("items.csv", Items), new CancellationToken(canceled: true));
        Assert.Throws<OperationCanceledException>(() => FileEncoding.Of(FileExtent.Of(path), null, stop: stopped));
        Assert.Throws<OperationCanceledException>(() => FilePrefix.Of(FileExtent.Of(path), [], stopped));
        Assert.Throws<OperationCanceledException>(() => ImportPlan.Anew(FileExtent.Of(path), stopped));
    }

    [Fact]
    public void Lines_are_gone_through_no_further()
    {
        using var stop = new CancellationTokenSource();
        var seen = new List<int>();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var line in Enumerable.Range(1, 9).StoppedBy(stop.Token))
            {
                seen.Add(line);
                if (line == 3)
                    stop.Cancel();
            }
        });
        Assert.Equal([1, 2, 3], seen);
    }

    /// <summary>How many rows are read of a file whose reading is stopped at one.</summary>
    private static long ReadUntil(int row, Action<FileReading> read)
    {
        using var stop = new CancellationTokenSource();
        var counted = new StopAt(row, stop);
        Assert.Throws<OperationCanceledException>(() => read(new FileReading { Progress = counted, Stop = stop.Token }));
        return counted.Last;
    }

    private sealed class StopAt(int row, CancellationTokenSource stop) : IProgress<long>
    {
        public long Last { get; private set; }

        public void Report(long value)
        {
            Last = value;
            if (value == row)
                stop.Cancel();
        }
    }
}
