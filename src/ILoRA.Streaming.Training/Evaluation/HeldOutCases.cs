using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>Rows made of training users who were put aside: what settings and fusion weights are chosen on, so that the rows to be reported stay unseen.</summary>
public static class HeldOutCases
{
    /// <summary>As the benchmarks' loaders: shorter histories are left out.</summary>
    private const int LeastHistory = 3;

    private const int LongestHistory = 10;

    /// <param name="aside">The users put aside.</param>
    /// <param name="candidates">C: the target and C - 1 uniform items outside history and target, shuffled.</param>
    /// <param name="most">Rows at most: the last position of each user, as the benchmarks' rows are, then others of the users in turn. Long sequences have easier positions, so they must not make up most rows.</param>
    /// <param name="random">Draws positions and candidates.</param>
    public static IReadOnlyList<RankingCase> Draw(Interactions aside, int candidates, int most, Random random)
    {
        if (aside.Items < candidates + LongestHistory)
            throw new InvalidDataException($"A catalogue of {aside.Items} items is too small to draw {candidates} candidates outside a history of {LongestHistory}.");
        var places = aside.Sequences.Select(sequence => Places(sequence.Length, random)).ToArray();
        return [.. Enumerable.Range(0, places.Select(user => user.Length).DefaultIfEmpty(0).Max())
            .SelectMany(turn => places.Select((user, at) => (user, at)).Where(pair => turn < pair.user.Length).Select(pair => (Sequence: aside.Sequences[pair.at], Place: pair.user[turn])))
            .Take(most).Select((position, row) => Case(row, position.Sequence, position.Place, aside.Items, candidates, random))];
    }

    private static int[] Places(int length, Random random) =>
        length <= LeastHistory ? [] : [length - 1, .. Shuffled(Enumerable.Range(LeastHistory, length - 1 - LeastHistory), random)];

    private static RankingCase Case(int row, int[] sequence, int place, int items, int candidates, Random random)
    {
        var history = sequence[Math.Max(0, place - LongestHistory)..place];
        var taken = history.Append(sequence[place]).ToHashSet();
        var others = DistinctDraw.Of(candidates - 1, taken, () => random.Next(items));
        return new RankingCase(row, history, sequence[place], [Shuffled(others.Prepend(sequence[place]), random)]);
    }

    private static int[] Shuffled(IEnumerable<int> values, Random random)
    {
        var array = values.ToArray();
        random.Shuffle(array);
        return array;
    }
}
