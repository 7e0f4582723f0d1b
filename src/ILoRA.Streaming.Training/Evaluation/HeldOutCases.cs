using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// Makes rows from held-out training users. Settings and fusion weights are chosen on these rows, so that the reported rows have no
/// influence on them.
/// </summary>
public static class HeldOutCases
{
    /// <summary>The minimum length of a history, as in the benchmarks' loaders.</summary>
    private const int MinHistory = 3;

    private const int MaxHistory = 10;

    /// <summary>Draws rows and their candidates.</summary>
    /// <param name="heldOut">The held-out users.</param>
    /// <param name="candidates">
    /// C, the length of the candidate lists: the target and C - 1 uniform other items outside the history, shuffled.
    /// </param>
    /// <param name="most">
    /// The maximum number of rows. First come the last positions of all users, as in the benchmarks, then other positions, one of each user
    /// at a time: long sequences have easier positions and must not dominate.
    /// </param>
    /// <param name="random">Draws positions and candidates.</param>
    public static IReadOnlyList<RankingCase> Draw(Interactions heldOut, int candidates, int most, Random random)
    {
        if (heldOut.Items < candidates + MaxHistory)
            throw new InvalidDataException(
                $"A catalogue of {heldOut.Items} items is too small to draw {candidates} candidates outside a history of {MaxHistory}.");
        var positions = heldOut.Sequences.Select(sequence => Positions(sequence.Length, random)).ToArray();
        return [.. Enumerable.Range(0, positions.Select(user => user.Length).DefaultIfEmpty(0).Max())
            .SelectMany(turn => positions.Select((user, at) => (user, at)).Where(pair => turn < pair.user.Length)
                .Select(pair => (Sequence: heldOut.Sequences[pair.at], Position: pair.user[turn])))
            .Take(most).Select((drawn, row) => Case(row, drawn.Sequence, drawn.Position, heldOut.Items, candidates, random))];
    }

    // The positions of the targets, in the order of preference.
    private static int[] Positions(int length, Random random) =>
        length <= MinHistory ? [] : [length - 1, .. Shuffled(Enumerable.Range(MinHistory, length - 1 - MinHistory), random)];

    private static RankingCase Case(int row, int[] sequence, int place, int items, int candidates, Random random)
    {
        var history = sequence[Math.Max(0, place - MaxHistory)..place];
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
