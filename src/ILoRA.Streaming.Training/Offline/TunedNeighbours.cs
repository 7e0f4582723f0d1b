using ILoRA.Streaming.Training.Baselines;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Trials;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>Item-kNN with the settings that foresee best the later ones of the clicks that it may know; among items it cannot tell apart,
/// popularity decides.</summary>
internal sealed class TunedNeighbours
{
    private const int MostTried = 300;
    private static readonly NeighbourOptions[] Grid =
        [.. from power in new[] { 0, 0.5f, 1 } from shrink in new[] { 0f, 5, 20 } select new NeighbourOptions(shrink, power)];

    private readonly ItemKnn neighbours;

    private TunedNeighbours(ItemKnn neighbours) => this.neighbours = neighbours;

    /// <param name="clicks">In the order of time.</param>
    /// <param name="known">Settings are fitted on so many, and tried on those up to <paramref name="count"/>.</param>
    /// <param name="count">How many it may know.</param>
    /// <param name="items">M</param>
    /// <param name="placeOf">An item's place in the catalogue.</param>
    public static TunedNeighbours Of(IReadOnlyList<TrialClick> clicks, int known, int count, int items, Func<string, int> placeOf)
    {
        var tried = TrialStream.Of([.. clicks.Take(count)], known, TimeSpan.MaxValue).TakeLast(MostTried).ToArray();
        var earlier = InteractionsOf(clicks.Take(known), items, placeOf);
        var best = Grid.MaxBy(settings => Reciprocal(new ItemKnn(earlier, settings), tried, placeOf))!;
        return new(new ItemKnn(InteractionsOf(clicks.Take(count), items, placeOf), best));
    }

    /// <param name="history">Places.</param>
    /// <param name="popular">[M]</param>
    /// <returns>[M]</returns>
    public float[] Scores(int[] history, float[] popular)
    {
        var scores = neighbours.Scores(history);
        // Below the least difference between two scores: it orders ties alone.
        var most = Math.Max(popular.Max(), 1) * 1e6f;
        return [.. scores.Zip(popular, (score, count) => score + count / most)];
    }

    private static double Reciprocal(ItemKnn neighbours, TrialEvent[] tried, Func<string, int> placeOf) =>
        tried.Sum(e => 1 / CatalogueRank.Of(neighbours.Scores([.. e.Sample.History.Select(placeOf)]), placeOf(e.Sample.Target)));

    private static Interactions InteractionsOf(IEnumerable<TrialClick> clicks, int items, Func<string, int> placeOf) =>
        new([.. clicks.GroupBy(click => click.User, StringComparer.Ordinal)
            .Select(user => user.Select(click => placeOf(click.Item)).ToArray())], items);
}
