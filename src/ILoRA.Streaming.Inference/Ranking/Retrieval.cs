using System.Diagnostics.CodeAnalysis;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>Which items are worth scoring where not all can be: the encoder's best, the recently popular and the newest.</summary>
public static class Retrieval
{
    /// <summary>Every fifth place goes to what is popular and every tenth to what is new: both are blind spots of the encoder.</summary>
    private const int PopularEvery = 5;
    private const int FreshEvery = 10;

    /// <summary>Merges three orders, best first, without repeats; a list that runs dry leaves its places to the others.</summary>
    /// <param name="encoder">Items by the encoder's logit.</param>
    /// <param name="popular">Items by recent clicks.</param>
    /// <param name="fresh">Items by arrival, newest first.</param>
    /// <param name="count">How many are wanted at most.</param>
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
