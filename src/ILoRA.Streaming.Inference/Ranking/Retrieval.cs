using System.Diagnostics.CodeAnalysis;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>
/// Selects the candidates to score where the whole catalogue cannot be scored: the encoder's best items, popular items and new items.
/// </summary>
public static class Retrieval
{
    /// <summary>
    /// Every tenth place goes to a new item and every other fifth place to a popular one, since the encoder ranks both too low.
    /// </summary>
    private const int PopularEvery = 5;
    private const int FreshEvery = 10;

    /// <summary>Merges three lists without duplicates. The places of an exhausted list go to the others.</summary>
    /// <param name="encoder">Items by the encoder's logit, best first.</param>
    /// <param name="popular">Items by recent clicks, best first.</param>
    /// <param name="fresh">Items by arrival, newest first.</param>
    /// <param name="count">The maximum number of candidates.</param>
    public static IReadOnlyList<T> Merge<T>(IEnumerable<T> encoder, IEnumerable<T> popular, IEnumerable<T> fresh, int count)
        where T : notnull
    {
        var chosen = new List<T>(count);
        var taken = new HashSet<T>();
        using var first = encoder.GetEnumerator();
        using var second = popular.GetEnumerator();
        using var third = fresh.GetEnumerator();
        for (var place = 1; chosen.Count < count; place++)
        {
            var preferred = place % FreshEvery == 0 ? third : place % PopularEvery == 0 ? second : first;
            if (!TryNext(preferred, out var next) && !TryNext(first, out next) && !TryNext(second, out next) && !TryNext(third, out next))
                break;
            chosen.Add(next);
        }
        return chosen;

        bool TryNext(IEnumerator<T> source, [MaybeNullWhen(false)] out T next)
        {
            while (source.MoveNext())
            {
                next = source.Current;
                if (taken.Add(next))
                    return true;
            }
            next = default;
            return false;
        }
    }
}
