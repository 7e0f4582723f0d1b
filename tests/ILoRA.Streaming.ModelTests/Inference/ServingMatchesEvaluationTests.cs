using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Inference.Serving;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.ModelTests.Inference;

/// <summary>Tests that serving (ONNX Runtime) gives the scores of evaluation (LibTorch), with all terms of the score.</summary>
public sealed class ServingMatchesEvaluationTests : IDisposable
{
    private const int Candidates = 8;

    /// <summary>Relative to the largest score; both runtimes compute in single precision.</summary>
    private const float Tolerance = 1e-4f;

    private readonly RandomModel model = new();

    [Theory]
    [InlineData(Scorer.Head, 1)]
    [InlineData(Scorer.Head, 2)]
    [InlineData(Scorer.Head, 3)]
    [InlineData(Scorer.Title, 1)]
    [InlineData(Scorer.Title, 2)]
    [InlineData(Scorer.Title, 3)]
    public void Serving_and_evaluation_give_the_same_scores(Scorer scorer, int seed)
    {
        var catalogue = RandomModel.Catalogue(RandomModel.Known + 3).Current;
        var snapshot = RandomVersion.Create(model.Backbone, seed, scorer);
        string[] ids = [.. catalogue.Entries.Select(entry => entry.Item.Value)];
        ItemId[] history = [.. RandomVersion.History(snapshot, new(seed), 5 + seed, ids).Select(id => new ItemId(id))];
        using var version = model.Served(snapshot, catalogue);

        var list = new Ranker(new InferenceOptions { TitleCandidates = Candidates }.Limits).Rank(version, history, catalogue, ids.Length)!;

        int[] candidates = [.. (list.Candidates ?? [.. catalogue.Entries.Select(entry => entry.Item)]).Select(Place)];
        RankingCase row = new(0, [.. history.Select(Place)], candidates[0], [candidates]);
        using var torch = TorchBackbone.Frozen(model.Backbone, TorchSharp.torch.CPU);
        using var evaluated =
            new AdapterScorer(new(torch, model.Backbone, new(ids, [.. catalogue.Entries.Select(entry => entry.Title)], [row])), snapshot);
        var measured =
            candidates.Zip(evaluated.Served("").Run([row], TimeProvider.System, stop: TestContext.Current.CancellationToken).Scores[0][0])
            .ToDictionary(pair => pair.First, pair => pair.Second);
        var most = Tolerance * measured.Values.Max(MathF.Abs);
        Assert.Equal(scorer == Scorer.Head ? ids.Length : Candidates, list.Items.Count);
        Assert.All(list.Items, item => Assert.Equal(measured[Place(item.Item)], item.Score, most));

        int Place(ItemId item) => Array.IndexOf(ids, item.Value);
    }

    public void Dispose() => model.Dispose();
}
