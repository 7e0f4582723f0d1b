using System.Collections;
using ILoRA.Streaming.Importing.Lines;

namespace ILoRA.Streaming.Importing.Sorting;

/// <summary>
/// Clicks in the order of time, those of one time in the order in which they came: in memory, or beyond a budget in sorted runs on disk,
/// which are merged whenever they are read.
/// </summary>
internal sealed class ClicksByTime : IReadOnlyCollection<ClickLine>, IDisposable
{
    /// <summary>Estimated bytes of clicks that are sorted in memory: about a million of them.</summary>
    public const long DefaultBudget = 256L << 20;

    /// <summary>The object, its times and pointers, and the headers of its texts.</summary>
    private const int BytesAClick = 160;

    private readonly RunFile? runs;
    private readonly ClickLine[] last;

    private ClicksByTime(RunFile? runs, ClickLine[] last, int count) => (this.runs, this.last, Count) = (runs, last, count);

    public int Count { get; }

    /// <param name="clicks">Are read once.</param>
    /// <param name="budget">Estimated bytes that are held in memory.</param>
    /// <param name="folder">Where runs are written; null for the folder of temporary files.</param>
    public static ClicksByTime Sort(IEnumerable<ClickLine> clicks, long budget = DefaultBudget, string? folder = null)
    {
        RunFile? runs = null;
        try
        {
            var (held, bytes, count) = (new List<ClickLine>(), 0L, 0);
            foreach (var click in clicks)
            {
                held.Add(click);
                bytes += BytesOf(click);
                count = checked(count + 1);
                if (bytes < budget)
                    continue;
                (runs ??= new RunFile(folder ?? Path.GetTempPath())).Add(InOrder(held));
                held.Clear();
                bytes = 0;
            }
            return new ClicksByTime(runs, InOrder(held), count);
        }
        catch
        {
            runs?.Dispose();
            throw;
        }
    }

    public IEnumerator<ClickLine> GetEnumerator() => EqualClicks.Number(runs is null ? last : Merge(runs)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => runs?.Dispose();

    private static long BytesOf(ClickLine click) => BytesAClick + sizeof(char) * (long)(click.User.Length + click.Item.Length
        + (click.Id?.Length ?? 0) + (click.Session?.Length ?? 0) + (click.Recommendation?.Length ?? 0));

    /// <summary>LINQ's sort keeps the order of equals.</summary>
    private static ClickLine[] InOrder(List<ClickLine> clicks) => [.. clicks.OrderBy(click => click.Time.UtcTicks)];

    private IEnumerable<ClickLine> Merge(RunFile file)
    {
        var sources = file.Runs.Append(last).Select(run => run.GetEnumerator()).ToArray();
        // Of equal times those of an earlier run came first.
        var next = new PriorityQueue<IEnumerator<ClickLine>, (long Ticks, int Run)>(sources.Length);
        void Advance(int run)
        {
            if (sources[run].MoveNext())
                next.Enqueue(sources[run], (sources[run].Current.Time.UtcTicks, run));
        }
        try
        {
            for (var run = 0; run < sources.Length; run++)
                Advance(run);
            while (next.TryDequeue(out var source, out var place))
            {
                yield return source.Current;
                Advance(place.Run);
            }
        }
        finally
        {
            foreach (var source in sources)
                source.Dispose();
        }
    }
}
