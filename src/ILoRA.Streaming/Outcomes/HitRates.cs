namespace ILoRA.Streaming.Outcomes;

/// <summary>Share of clicks that a line had among its first items, and the 95 % bootstrap interval over users.</summary>
public sealed record HitRate(double Rate, double Low, double High);

/// <summary>
/// Hit rates of several lines on the same clicks; <see cref="Gains"/> is the first line's relative gain over each other one.
/// </summary>
public sealed record HitRateReport(long Clicks, IReadOnlyDictionary<string, HitRate> Lines, IReadOnlyDictionary<string, HitRate> Gains);

/// <summary>
/// Counts hits of several lines on the same clicks, by user. A user's clicks are no independent draws, hence intervals that resample users.
/// </summary>
public sealed class HitRates(IReadOnlyList<string> lines)
{
    private readonly Dictionary<string, double[]> countsByUser = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Lines { get; } = lines;

    public long Clicks { get; private set; }

    /// <param name="user">Who clicked.</param>
    /// <param name="hits">One answer a line, in the order of <see cref="Lines"/>.</param>
    public void Add(string user, IReadOnlyList<bool> hits) => Add(user, [.. hits.Select(hit => hit ? 1.0 : 0)]);

    /// <param name="user">Who clicked.</param>
    /// <param name="parts">How much of a hit each line had, from 0 to 1, in the order of <see cref="Lines"/>.</param>
    public void Add(string user, IReadOnlyList<double> parts)
    {
        if (parts.Count != Lines.Count)
            throw new ArgumentException($"{parts.Count} answers for {Lines.Count} lines.", nameof(parts));
        if (!countsByUser.TryGetValue(user, out var counts))
            countsByUser[user] = counts = new double[Lines.Count + 1];   // hits of each line, then clicks
        for (var line = 0; line < parts.Count; line++)
            counts[line] += parts[line];
        counts[^1]++;
        Clicks++;
    }

    /// <summary>The rate alone; zero before the first click.</summary>
    public double Rate(string line)
    {
        var at = Lines.ToList().IndexOf(line);
        return at < 0 || Clicks == 0 ? 0 : countsByUser.Values.Sum(counts => counts[at]) / Clicks;
    }

    /// <param name="draws">Bootstrap draws; each resamples all users with replacement.</param>
    /// <param name="seed">Makes the intervals repeatable.</param>
    public HitRateReport Report(int draws = 1000, int seed = 1)
    {
        var users = countsByUser.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value).ToArray();
        var all = Sum(users);
        var resampled = users.Length == 0 ? [] : Resample(users, draws, new Random(seed));
        HitRate Measure(Func<double[], double> figure)
        {
            var values = resampled.Select(figure).Where(double.IsFinite).Order().ToArray();
            return new HitRate(figure(all), At(values, .025), At(values, .975));
        }
        var rates = new Dictionary<string, HitRate>(StringComparer.Ordinal);
        var gains = new Dictionary<string, HitRate>(StringComparer.Ordinal);
        for (var line = 0; line < Lines.Count; line++)
        {
            var other = line;
            rates[Lines[line]] = Measure(counts => counts[^1] == 0 ? 0 : counts[other] / counts[^1]);
            if (line > 0)
                gains[Lines[line]] = Measure(counts => counts[other] == 0 ? double.NaN : counts[0] / counts[other] - 1);
        }
        return new HitRateReport(Clicks, rates, gains);
    }

    private double[] Sum(IEnumerable<double[]> users)
    {
        var sum = new double[Lines.Count + 1];
        foreach (var counts in users)
            for (var i = 0; i < sum.Length; i++)
                sum[i] += counts[i];
        return sum;
    }

    private double[][] Resample(double[][] users, int draws, Random random)
        => [.. Enumerable.Range(0, draws)
            .Select(_ => Sum(Enumerable.Range(0, users.Length).Select(_ => users[random.Next(users.Length)])))];

    private static double At(double[] sorted, double quantile)
        => sorted.Length == 0 ? double.NaN : sorted[(int)Math.Round(quantile * (sorted.Length - 1))];
}
