namespace ILoRA.Streaming.Configuration;

/// <summary>Finds the known name that a mistyped one most likely stands for.</summary>
public static class NearestName
{
    /// <returns>Null where nothing is within a third of the name's letters (at least two).</returns>
    public static string? Of(string given, IEnumerable<string> known)
    {
        var nearest = known.Select(name => (name, distance: Distance(given, name))).DefaultIfEmpty((name: "", distance: int.MaxValue))
            .MinBy(pair => pair.distance);
        return nearest.distance <= Math.Max(2, given.TrimStart('-').Length / 3) ? nearest.name : null;
    }

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).</summary>
    public static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }
}
