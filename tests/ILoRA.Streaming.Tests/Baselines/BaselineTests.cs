using ILoRA.Streaming.Training.Baselines;
using ILoRA.Streaming.Training.Evaluation;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Tests.Baselines;

public sealed class BaselineTests
{
    /// <summary>Three users and items 0 to 3; item 3 does not occur.</summary>
    private static readonly Interactions Small = new([[0, 1], [0, 1, 2, 0], [2]], 4);

    [Fact]
    public void Popularity_is_the_log_of_the_count() =>
        Assert.Equal([MathF.Log(4), MathF.Log(3), MathF.Log(3), 0], new Popularity(Small).Scores([]));

    /// <summary>Items 0 and 1 co-occur in two users, 0 and 2 in one; each item has two users.</summary>
    [Fact]
    public void The_score_of_a_neighbour_is_the_cosine_similarity()
    {
        var scores = new ItemKnn(Small, new(Shrink: 0, UserPower: 0)).Scores([0]);
        Assert.Equal([1, 1, 0.5f, 0], scores);
    }

    [Fact]
    public void Shrinkage_and_users_with_many_items_lower_the_similarity()
    {
        var scores = new ItemKnn(Small, new(Shrink: 2, UserPower: 1)).Scores([0, 0]);
        Assert.Equal((1 / 2f + 1 / 3f) / (2 + 2), scores[1], 1e-6f);      // users of 2 and of 3 items
        Assert.Equal(1 / 3f / (2 + 2), scores[2], 1e-6f);
    }

    [Fact]
    public void Held_out_users_are_spread_evenly()
    {
        var interactions = new Interactions([.. Enumerable.Range(0, 20).Select(user => new[] { user })], 20);
        var (kept, heldOut) = interactions.Split(0.1);
        Assert.Equal([9, 19], heldOut.Sequences.Select(user => user[0]));
        Assert.Equal(18, kept.Sequences.Count);
        Assert.Empty(interactions.Split(0).HeldOut.Sequences);
    }

    [Fact]
    public void Held_out_rows_have_the_form_of_the_benchmarks_rows()
    {
        var heldOut = new Interactions([[.. Enumerable.Range(0, 30)], [.. Enumerable.Range(30, 4)], [40, 41]], 100);
        var rows = HeldOutCases.Draw(heldOut, 20, 10, new Random(1));
        Assert.Equal(10, rows.Count);
        Assert.Equal([29, 33], rows.Take(2).Select(row => row.Target));
        Assert.Single(rows, row => row.Target == 33);
        Assert.All(rows, row =>
        {
            var draw = Assert.Single(row.Draws);
            Assert.Equal(20, draw.Distinct().Count());
            Assert.Contains(row.Target, draw);
            Assert.Empty(draw.Intersect(row.History));
            Assert.InRange(row.History.Length, 3, 10);
            Assert.Equal(row.Target - 1, row.History[^1]);
        });
    }
}
