using CsCheck;
using ILoRA.Streaming.Inference.Ranking;

namespace ILoRA.Streaming.Tests.Inference;

public sealed class RetrievalTests
{
    [Fact]
    public void Every_fifth_place_is_popular_and_every_tenth_fresh()
    {
        var merged = Retrieval.Merge(Items("e", 20), Items("p", 20), Items("f", 20), 10);

        Assert.Equal(["e0", "e1", "e2", "e3", "p0", "e4", "e5", "e6", "e7", "f0"], merged);
    }

    [Fact]
    public void The_places_of_an_exhausted_list_go_to_the_others() =>
        Assert.Equal(["p0", "p1", "f0"], Retrieval.Merge([], Items("p", 2), Items("f", 1), 10));

    [Fact]
    public void Candidates_never_repeat_and_never_exceed_the_count() =>
        Gen.Select(Gen.Int[0, 9].Array[0, 12], Gen.Int[0, 9].Array[0, 12], Gen.Int[0, 9].Array[0, 12], Gen.Int[0, 12])
            .Sample((encoder, popular, fresh, count) =>
        {
            var merged = Retrieval.Merge(Names(encoder), Names(popular), Names(fresh), count);
            var known = Names(encoder).Concat(Names(popular)).Concat(Names(fresh)).Distinct().Count();

            Assert.Equal(merged.Distinct(), merged);
            Assert.Equal(Math.Min(count, known), merged.Count);
        });

    private static IEnumerable<string> Items(string prefix, int count) => Enumerable.Range(0, count).Select(i => $"{prefix}{i}");

    private static IEnumerable<string> Names(int[] items) => items.Select(item => $"i{item}");
}
