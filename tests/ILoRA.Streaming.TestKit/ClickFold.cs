namespace ILoRA.Streaming.TestKit;

/// <summary>
/// The reference implementation of users' sequences, which all stores are compared with: a list of clicks, sorted by time and limited to a
/// capacity.
/// </summary>
public sealed class ClickFold(int capacity)
{
    private readonly Dictionary<string, List<(string Item, long Time, string? Id)>> users = [];

    /// <summary>The user's items after all clicks so far, oldest first.</summary>
    public IReadOnlyList<string> Items(string user) =>
        users.TryGetValue(user, out var clicks) ? [.. clicks.Select(click => click.Item)] : [];

    public IReadOnlyCollection<string> Users => users.Keys;

    /// <summary>Applies a click; returns false where it changes nothing.</summary>
    public bool Add(string user, string item, long time, string? id = null)
    {
        if (!users.TryGetValue(user, out var clicks))
            users[user] = clicks = [];
        if (id is not null && clicks.Any(click => click.Id == id))
            return false;
        var place = clicks.FindLastIndex(click => click.Time <= time) + 1;
        if (place == 0 && clicks.Count >= capacity)
            return false;
        clicks.Insert(place, (item, time, id));
        if (clicks.Count > capacity)
            clicks.RemoveAt(0);
        return true;
    }
}
