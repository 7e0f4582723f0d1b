using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Training.Baselines;
using ILoRA.Streaming.Training.Encoders;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Evaluation;

public sealed class TrainedBagTests
{
    private const int Items = 10, Hidden = 16;
    private const int New = Items - 1;

    private static readonly BagFitOptions Options = new() { Epochs = 30, Batch = 8, Rate = 1e-2, Dropout = 0 };

    /// <summary>Users who click items 0 to 8 in cyclic order; item 9 does not occur.</summary>
    private static readonly Interactions Walks =
        new([.. Enumerable.Range(0, 60).Select(start => Enumerable.Range(start, 12).Select(at => at % New).ToArray())], Items);

    /// <summary>Item 9 has the title of item 5.</summary>
    private static readonly float[][] Titles = Vectors();

    [Fact]
    public void The_newest_item_has_the_first_weight_and_items_beyond_the_window_have_none()
    {
        var bag = new TrainedBag([3, 2], Read: [1, 0, 0, 1, 5, 5], Scored: [1, 0, 0, 1, 1, 1]);
        Assert.Equal([2, 3, 5], bag.Scores(3, [2, 0, 1]));
        Assert.Equal([0, 0, 0], bag.Scores(3, []));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_bag_learns_the_next_item(bool rows)
    {
        var bag = Fit(rows ? Encoder() : null);
        Assert.All(Enumerable.Range(0, New - 1), item =>
        {
            var scores = bag.Scores(Items, [(item + New - 1) % New, item])[..New];
            Assert.Equal(item + 1, Array.IndexOf(scores, scores.Max()));
        });
    }

    [Fact]
    public void An_item_without_data_is_scored_by_its_title_only()
    {
        var bag = Fit(null);
        var scores = bag.Scores(Items, [3, 4]);
        Assert.Equal(scores[5], scores[New], 1e-3f);
        Assert.NotEqual(Fit(Encoder()).Scores(Items, [3, 4])[5], Fit(Encoder()).Scores(Items, [3, 4])[New], 1e-2f);
    }

    [Fact]
    public void Exported_scores_equal_those_in_training()
    {
        var random = new SavedRandom(1);
        using var torch = new TorchBag(new(Titles, Encoder()), Walks.Counts(), random, CPU);
        using var scores = torch.Scores(tensor(new long[] { 1, 2, 3, 4 }, [1, 4]), dropout: 0);
        var bag = torch.Export();
        for (var length = 1; length <= 4; length++)
        {
            var expected = scores[0, length - 1].data<float>().ToArray();
            Assert.All(bag.Scores(Items, [.. Enumerable.Range(1, length)]).Zip(expected),
                pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bag() => Assert.Equal(Fit(Encoder()).Scored, Fit(Encoder()).Scored);

    [Fact]
    public void The_number_of_epochs_is_chosen_on_held_out_users_and_the_method_counts_as_a_language_model()
    {
        var interactions =
            new Interactions([.. Enumerable.Range(0, 60).Select(start => Enumerable.Range(start, 12).Select(at => at % 40).ToArray())], 40);
        var suite = new BaselineSuite(interactions, 0.1, 20, 5, 1, TimeProvider.System);
        var random = new Random(2);
        float[][] titles = [.. Enumerable.Range(0, 40).Select(_ => Vector(random))];
        var (bag, titlesOnly) = (Bag(new EncoderFitOptions { Epochs = 1 }), Bag(null));
        Assert.Equal((BaselineSuite.TrainedBagName, BaselineSuite.TitleBagName), (bag.Method.Name, titlesOnly.Method.Name));
        Assert.True(bag.Method.LanguageModel && titlesOnly.Method.LanguageModel);
        Assert.Contains("epochs", bag.Settings, StringComparison.Ordinal);
        Assert.Equal(suite.HeldOut.Count, bag.HeldOut.Ranks.Length);

        FittedMethod Bag(EncoderFitOptions? encoder) =>
            suite.Bag(titles, encoder, Options, CPU, stop: TestContext.Current.CancellationToken);
    }

    private static TrainedBag Fit(SasRec? rows) =>
        BagFit.Run(Walks, new(Titles, rows), Options, CPU, stop: TestContext.Current.CancellationToken);

    private static SasRec Encoder() => InitialSasRec.Create(Items, new SavedRandom(3), 8, TrainedBag.Window);

    private static float[][] Vectors()
    {
        var random = new Random(1);
        float[][] vectors = [.. Enumerable.Range(0, Items).Select(_ => Vector(random))];
        vectors[New] = vectors[5];
        return vectors;
    }

    private static float[] Vector(Random random) => [.. Enumerable.Range(0, Hidden).Select(_ => random.Next(2) == 0 ? -1f : 1)];
}
