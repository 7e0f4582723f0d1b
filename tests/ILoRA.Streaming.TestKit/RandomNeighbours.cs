using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.TestKit;

/// <summary>Neighbours of N items, each pair with a chance of one in three.</summary>
public static class RandomNeighbours
{
    public static ItemNeighbours Create(Random random, int items)
    {
        var lists = Enumerable.Range(0, items).Select(_ => Enumerable.Range(0, items).Where(_ => random.Next(3) == 0).ToArray()).ToArray();
        return new([.. lists.Aggregate(new List<int> { 0 }, (starts, list) => [.. starts, starts[^1] + list.Length])],
            [.. lists.SelectMany(list => list)], [.. lists.SelectMany(list => list).Select(_ => 1 + 3 * random.NextSingle())]);
    }
}
