using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.TestKit;

/// <summary>Creates random neighbours of N items; each pair is included with probability 1/3.</summary>
public static class RandomNeighbours
{
    public static ItemNeighbours Create(Random random, int items)
    {
        var lists = Enumerable.Range(0, items).Select(_ => Enumerable.Range(0, items).Where(_ => random.Next(3) == 0).ToArray()).ToArray();
        return new([.. lists.Aggregate(new List<int> { 0 }, (starts, list) => [.. starts, starts[^1] + list.Length])],
            [.. lists.SelectMany(list => list)], [.. lists.SelectMany(list => list).Select(_ => 1 + 3 * random.NextSingle())]);
    }
}
