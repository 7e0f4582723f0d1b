using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Inference.Serving;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Reference;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.ModelTests.Inference;

public sealed class RankerTests : IDisposable
{
    private static readonly ItemId[] History = [new("i3"), new("i7"), new("i3"), new("i11")];
    private readonly RandomModel model = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Head_ranks_the_whole_catalogue_as_the_reference_does(bool deepGate)
    {
        var catalogue = RandomModel.Catalogue(RandomModel.Known + 3).Current;
        var snapshot = RandomModel.Snapshot(model.Backbone, 1, deepGate: deepGate);
        using var version = model.Served(snapshot, catalogue);

        var list = Ranker().Rank(version, History, catalogue, catalogue.Count)!;

        var expected = ReferenceScores(snapshot, catalogue);
        Assert.Null(list.Candidates);
        Assert.Equal(1, list.Gate.Sum(), 1e-5f);
        Assert.Equal(catalogue.Count, list.Items.Count);
        Assert.All(list.Items, item => Assert.Equal(expected[catalogue.PlaceOf(item.Item)], item.Score, 1e-3f));
        Assert.Equal(list.Items.OrderByDescending(item => item.Score), list.Items);
    }

    [Fact]
    public void History_item_that_is_not_in_the_catalogue_is_named_by_its_id_and_has_no_title_similarity()
    {
        var catalogue = RandomModel.Catalogue(8).Current;
        var snapshot = RandomModel.Snapshot(model.Backbone, 1);
        using var version = model.Served(snapshot, catalogue);

        var list = Ranker().Rank(version, History, catalogue, catalogue.Count)!;

        Assert.Equal(-1, catalogue.PlaceOf(History[^1]));
        var expected = ReferenceScores(snapshot, catalogue);
        Assert.All(list.Items, item => Assert.Equal(expected[catalogue.PlaceOf(item.Item)], item.Score, 1e-3f));
    }

    [Fact]
    public void Item_that_arrives_while_a_version_is_served_is_ranked_by_it()
    {
        var builder = RandomModel.Catalogue(5);
        using var version = model.Served(RandomModel.Snapshot(model.Backbone, 1), builder.Current);
        builder.Apply(new ItemEvent { Item = new ItemId("new"), Title = "green lamp" });

        var list = Ranker().Rank(version, History, builder.Current, 10)!;

        Assert.Contains(new ItemId("new"), list.Items.Select(item => item.Item));
    }

    [Fact]
    public void Grown_catalogue_keeps_its_vectors_and_recomputes_those_of_renamed_items()
    {
        var builder = RandomModel.Catalogue(3);
        using var version = model.Served(RandomModel.Snapshot(model.Backbone, 1), builder.Current);
        var before = version.Vectors.Of(builder.Current).Vectors;
        builder.Apply(new ItemEvent { Item = new ItemId("i1"), Title = "green lamp" });
        builder.Apply(new ItemEvent { Item = new ItemId("new"), Title = "tea cup" });

        var after = version.Vectors.Of(builder.Current).Vectors;

        Assert.Same(before[0], after[0]);
        Assert.Same(before[2], after[2]);
        Assert.NotEqual(before[1].Vector, after[1].Vector);
        Assert.Equal(4, after.Length);
    }

    [Fact]
    public void Deleted_item_is_not_ranked()
    {
        var builder = RandomModel.Catalogue(5);
        builder.Apply(new ItemEvent { Item = new ItemId("i2"), Title = "red mug 2", Deleted = true });
        using var version = model.Served(RandomModel.Snapshot(model.Backbone, 1), builder.Current);

        var list = Ranker().Rank(version, History, builder.Current, 10)!;

        Assert.Equal(["i0", "i1", "i3", "i4"], list.Items.Select(item => item.Item.Value).Order());
    }

    [Fact]
    public void History_that_the_encoder_does_not_know_is_not_ranked()
    {
        var catalogue = RandomModel.Catalogue(5).Current;
        using var version = model.Served(RandomModel.Snapshot(model.Backbone, 1), catalogue);

        Assert.Null(Ranker().Rank(version, [new ItemId("unknown")], catalogue, 10));
    }

    [Fact]
    public void Candidates_of_a_large_catalogue_have_the_scores_of_the_whole_catalogue()
    {
        var catalogue = RandomModel.Catalogue(RandomModel.Known).Current;
        using var version = model.Served(RandomModel.Snapshot(model.Backbone, 1), catalogue);
        var whole = Ranker().Rank(version, History, catalogue, catalogue.Count)!.Items.ToDictionary(item => item.Item, item => item.Score);

        var list = Ranker(options => (options.WholeCatalogue, options.HeadCandidates) = (10, 12)).Rank(version, History, catalogue, 5)!;

        Assert.Equal(12, list.Candidates!.Count);
        Assert.Equal(5, list.Items.Count);
        Assert.All(list.Items, item => Assert.Equal(whole[item.Item], item.Score, 1e-5f));
    }

    [Fact]
    public void Title_scorer_ranks_its_candidates_by_likelihood_and_the_encoders_term()
    {
        var catalogue = RandomModel.Catalogue(RandomModel.Known).Current;
        using var version = model.Served(RandomModel.Snapshot(model.Backbone, 1, Scorer.Title), catalogue);

        var list = Ranker(options => options.TitleCandidates = 8).Rank(version, History, catalogue, 5)!;

        Assert.Equal(8, list.Candidates!.Count);
        Assert.Equal(5, list.Items.Count);
        Assert.All(list.Items, item => Assert.Contains(item.Item, list.Candidates));
        Assert.All(list.Items, item => Assert.True(item.Score < 0));
    }

    [Fact]
    public void Title_scorer_subtracts_the_weighted_title_prior_from_the_weighted_likelihood()
    {
        var catalogue = RandomModel.Catalogue(RandomModel.Known).Current;
        var snapshot = RandomModel.Snapshot(model.Backbone, 1, Scorer.Title);
        snapshot = snapshot with { Head = snapshot.Head with { Weights = snapshot.Head.Weights.With(ScoreTerm.Encoder, 0) } };
        using var raw = model.Served(snapshot, catalogue);
        using var weighed = model.Served(snapshot with { Head = snapshot.Head with { TitleWeights = new(0.25f, 0.5f) } }, catalogue);
        var ranker = Ranker(options => options.TitleCandidates = 8);
        var likelihoods = ranker.Rank(raw, History, catalogue, 8)!.Items;
        var priors =
            new ReferenceScorer(new ReferenceForward(model.Backbone)).Scores(
                PackedPrompt.Pack(HistoryPrompt.Empty(model.Backbone.Tokenizer),
            [.. likelihoods.Select(item => HistoryPrompt.Answer(model.Backbone.Tokenizer, catalogue.TitleOf(item.Item)!))]), [], [], null);
        var expected = likelihoods.Zip(priors).ToDictionary(pair => pair.First.Item, pair => 0.25 * pair.First.Score - 0.5 * pair.Second);

        // In the second run the title priors are cached.
        foreach (var list in new[] { ranker.Rank(weighed, History, catalogue, 8)!, ranker.Rank(weighed, History, catalogue, 8)! })
        {
            Assert.All(list.Items, item => Assert.Equal(expected[item.Item], item.Score, 1e-3));
            Assert.Equal(8, list.Items.Count);
        }
    }

    public void Dispose() => model.Dispose();

    private static Ranker Ranker(Action<InferenceOptions>? change = null)
    {
        var options = new InferenceOptions();
        change?.Invoke(options);
        return new Ranker(options.Limits);
    }

    private float[] ReferenceScores(Snapshot snapshot, Catalogue catalogue)
    {
        int[] rows = [.. History.Select(item => snapshot.Items.RowOf(item.Value))];
        var z = snapshot.Encoder.Encode(rows);
        var prompt =
            HistoryPrompt.Build(model.Backbone.Tokenizer, [.. History.Select(item => catalogue.TitleOf(item) ?? item.Value)], null);
        var input =
            ForwardInput.Causal(prompt.Ids)
                .WithItems(prompt.ItemSlots, [.. rows.Select(row => snapshot.Projector.Project(snapshot.Encoder.ItemRow(row)))]);
        var hidden =
            new ReferenceForward(model.Backbone).Hidden(input,
                new LoraCorrection(snapshot.Lora, snapshot.Shape.RankScale(snapshot.Gate.Weights(z))))[^1];
        return PlainScores.Head(snapshot, model.Backbone, [.. catalogue.Entries.Select(entry => (entry.Item.Value, (string?)entry.Title))],
            [.. History.Select(item => item.Value)],
            Array.ConvertAll(hidden, value => (float)value));
    }
}
