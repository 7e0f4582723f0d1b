using System.Runtime.InteropServices;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Importing.Lines;

namespace ILoRA.Streaming.Importing.Sorting;

/// <summary>Numbers clicks that say the same, so that each has an id of its own wherever it stands in the file.</summary>
internal static class EqualClicks
{
    private const int FewClicks = 64;

    /// <param name="clicks">In the order of time: equal ones have one time, so that only those of one time are remembered.</param>
    public static IEnumerable<ClickLine> Number(IEnumerable<ClickLine> clicks)
    {
        var counts = new Dictionary<(string, string, ClickType?, string?, string?), int>();
        var now = long.MinValue;
        foreach (var click in clicks)
        {
            if (click.Time.UtcTicks != now)
            {
                // Clearing takes the time of the largest count that it ever had.
                if (counts.Count > FewClicks)
                    counts = [];
                else
                    counts.Clear();
                now = click.Time.UtcTicks;
            }
            var key = (click.User, click.Item, click.Type, click.Session, click.Recommendation);
            var occurrence = click.Id is null ? ++CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _) : 1;
            yield return occurrence == 1 ? click : click with { Occurrence = occurrence };
        }
    }
}
