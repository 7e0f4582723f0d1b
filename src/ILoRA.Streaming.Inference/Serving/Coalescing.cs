namespace ILoRA.Streaming.Inference.Serving;

/// <summary>Drops the sequences of a batch that a newer one of the same user contains.</summary>
public static class Coalescing
{
    /// <summary>The last event of each user, in the order of the batch.</summary>
    public static IReadOnlyList<T> Newest<T, TUser>(IReadOnlyList<T> batch, Func<T, TUser> user) where TUser : notnull
    {
        var seen = new HashSet<TUser>();
        var newest = new List<T>(batch.Count);
        for (var i = batch.Count - 1; i >= 0; i--)
        {
            if (seen.Add(user(batch[i])))
                newest.Add(batch[i]);
        }
        newest.Reverse();
        return newest;
    }
}
