using ILoRA.Streaming.Training.Baselines;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Trials;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>Item-kNN with settings chosen on the last of the available clicks; items with equal scores are ordered by popularity.</summary>
internal sealed class TunedNeighbours
{
    private const int MaxValidation = 300;
    private static readonly NeighbourOptions[] Grid =
        [.. from power in new[] { 0, 0.5f, 1 } from shrink in new[] { 0f, 5, 20 } select new NeighbourOptions(shrink, power)];

    private readonly ItemKnn neighbours;

    private TunedNeighbours(ItemKnn neighbours) => this.neighbours = neighbours;

    /// <summary>Chooses the settings and fits item-kNN with them.</summary>
    /// <param name="clicks">The clicks, in the order of time.</param>
    /// <param name="known">
    /// To choose the settings, candidates are fitted on the first <paramref name="known"/> clicks and compared on those after.
    /// </param>
    /// <param name="count">The number of available clicks, which the chosen settings are fitted on.</param>
    /// <param name="items">M, the number of items in the catalogue.</param>
    /// <param name="indexOf">Gives an item's index in the catalogue.</param>
    public static TunedNeighbours Of(IReadOnlyList<TrialClick> clicks, int known, int count, int items, Func<string, int> indexOf)
    {
        var validation = TrialStream.Of([.. clicks.Take(count)], known, TimeSpan.MaxValue).TakeLast(MaxValidation).ToArray();
        var earlier = InteractionsOf(clicks.Take(known), items, indexOf);
        var best = Grid.MaxBy(settings => ReciprocalRanks(new ItemKnn(earlier, settings), validation, indexOf))!;
        return new(new ItemKnn(InteractionsOf(clicks.Take(count), items, indexOf), best));
    }

    /// <summary>The scores of all items.</summary>
    /// <param name="history">The history's items, as indices into the catalogue.</param>
    /// <param name="popular">[M], the items' popularity.</param>
    /// <returns>[M]</returns>
    public float[] Scores(int[] history, float[] popular)
    {
        var scores = neighbours.Scores(history);
        // The added value is below the smallest difference of two scores, so it only orders ties.
        var most = Math.Max(popular.Max(), 1) * 1e6f;
        return [.. scores.Zip(popular, (score, count) => score + count / most)];
    }

    private static double ReciprocalRanks(ItemKnn neighbours, TrialEvent[] validation, Func<string, int> indexOf) =>
        validation.Sum(e => 1 / CatalogueRank.Of(neighbours.Scores([.. e.Sample.History.Select(indexOf)]), indexOf(e.Sample.Target)));

    private static Interactions InteractionsOf(IEnumerable<TrialClick> clicks, int items, Func<string, int> indexOf) =>
        new([.. clicks.GroupBy(click => click.User, StringComparer.Ordinal)
            .Select(user => user.Select(click => indexOf(click.Item)).ToArray())], items);
}
