using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.ModelTests.Inference;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>
/// The scores of both scorers on LibTorch equal those of the reference in plain C# (<see cref="HeadScorer"/>, <see cref="TitleScorer"/>),
/// on versions in which every term has an influence.
/// </summary>
public sealed class ScoreSumTests : IDisposable
{
    private const int Histories = 6, Unknown = 5;

    /// <summary>Relative to the largest score: both are float32 and sum in different orders.</summary>
    private const float Tolerance = 1e-4f;

    private readonly Backbone backbone = Backbone.Load(RandomModel.BackboneFolder);
    private readonly TorchBackbone torchBackbone;

    public ScoreSumTests() => torchBackbone = TorchBackbone.Frozen(backbone, CPU);

    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_head_scorers_scores_equal_the_reference(int seed)
    {
        var random = new Random(seed);
        var version = RandomVersion.Create(backbone, seed, Scorer.Head);
        var catalogue = Catalogue(random);
        Sample[] samples = [.. Enumerable.Range(0, Histories).Select(at => Draw(version, random, catalogue, 1 + 4 * at))];
        float[][] hidden = [.. samples.Select(_ => RandomValues.Normal(random, backbone.Config.Hidden, 1))];

        var scores = TorchScores(version, catalogue, samples, hidden);

        for (var b = 0; b < samples.Length; b++)
            AssertNear(PlainScores.Head(version, backbone, catalogue, samples[b].History, hidden[b]), scores[b]);
    }

    /// <summary>Shows that the comparison with the reference would detect a missing term.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_term_of_the_head_changes_scores_by_more_than_the_tolerance(int seed)
    {
        var random = new Random(seed);
        var version = RandomVersion.Create(backbone, seed, Scorer.Head);
        var catalogue = Catalogue(random);
        var history = Draw(version, random, catalogue, 12).History;
        var hidden = RandomValues.Normal(random, backbone.Config.Hidden, 1);
        var whole = Scores(version.Head, hidden);

        for (var term = 0; term < ScoreWeights.Terms.Count; term++)
        {
            var weights = version.Head.Weights.ToArray();
            weights[term] = 0;
            AssertMoved($"term {term}", Scores(version.Head with { Weights = ScoreWeights.Of(weights) }, hidden));
        }
        AssertMoved("the titles' map", Scores(version.Head with { Title = new float[version.Head.Title.Length] }, hidden));
        AssertMoved("the items' map", Scores(version.Head with { Item = new float[version.Head.Item.Length] }, hidden));

        float[] Scores(ScoreHead head, float[] h) => PlainScores.Head(version with { Head = head }, backbone, catalogue, history, h);

        void AssertMoved(string what, float[] without) =>
            Assert.True(whole.Zip(without, (a, b) => MathF.Abs(a - b)).Max() > 10 * Tolerance * whole.Max(MathF.Abs),
                $"{what} moves no score");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_title_scorers_scores_equal_the_reference(int seed)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var random = new Random(seed);
        var version = RandomVersion.Create(backbone, seed, Scorer.Title);
        var catalogue = Catalogue(random);
        var sample = Draw(version, random, catalogue, 7);
        float[] likelihoods = [.. catalogue.Select(_ => -40 * random.NextSingle())],
            priors = [.. catalogue.Select(_ => -40 * random.NextSingle())];
        using var model = new TorchModel(torchBackbone, version);
        using var titles = Titles(catalogue);
        var context = ScoringContext.Of(model, backbone, titles, version);
        var encoder = context.LogEncoder(model.Encoder.Logits(context.SequenceVectors([sample])))[0];

        var logs = PlainScores.LogEncoder(version, sample.History);
        float[] plain = [.. catalogue.Select((item, place) =>
            TitleScorer.Score(version.Head, likelihoods[place], priors[place], SasRec.LogProbability(logs, version.Items.RowOf(item.Id))))];

        foreach (var learn in new[] { false, true })
            AssertNear(plain, model.Head.TitleScores(tensor(likelihoods), tensor(priors), encoder, learn).Values());
        AssertNear([.. likelihoods.Zip(priors, version.Head.TitleWeights.Score)],
            model.Head.TitleScores(tensor(likelihoods), tensor(priors)).Values());
    }

    public void Dispose() => torchBackbone.Dispose();

    private float[][] TorchScores(Snapshot version, (string Id, string? Title)[] catalogue, Sample[] samples, float[][] hidden)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = new TorchModel(torchBackbone, version);
        using var titles = Titles(catalogue);
        var context = ScoringContext.Of(model, backbone, titles, version);
        var features = context.Features();
        var user = context.Features(samples, model.Encoder.Logits(context.SequenceVectors(samples)), features);
        var h = tensor(hidden.SelectMany(row => row).ToArray(), [hidden.Length, hidden[0].Length]);
        var scores = model.Head.Scores(h, user, features);                       // [B, M]
        return [.. Enumerable.Range(0, samples.Length).Select(b => scores[b].Values())];
    }

    private TorchCatalogue Titles((string Id, string? Title)[] catalogue)
    {
        var table = new TorchCatalogue(backbone, CPU);
        foreach (var (id, title) in catalogue)
            if (title is null)
                table.Add(id);
            else
                table.Set(id, title);
        return table;
    }

    /// <summary>Most of the version's items in random order, some items that it does not contain, and some without a title.</summary>
    private static (string Id, string? Title)[] Catalogue(Random random)
    {
        string[] words = ["RED", "BLUE", "MUG", "LAMP", "BOX", "TIN", "SMALL", "HEART"];
        string[] ids = [.. Enumerable.Range(0, RandomModel.Known + Unknown).Select(item => $"i{item}").Where((_, item) => item % 9 != 8)];
        random.Shuffle(ids);
        return [.. ids.Select(
            (id, at) => (id,
                at % 7 == 6 ? null : $"{words[random.Next(words.Length)]} {words[random.Next(words.Length)]} {random.Next(10)}"))];
    }

    private static Sample Draw(Snapshot version, Random random, (string Id, string? Title)[] catalogue, int length) =>
        new(RandomVersion.History(version, random, length, [.. version.Items.Ids, .. catalogue.Select(item => item.Id), "nowhere"]),
            catalogue[0].Id);

    private static void AssertNear(float[] expected, float[] actual)
    {
        var most = Tolerance * expected.Max(MathF.Abs);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, most));
    }
}
