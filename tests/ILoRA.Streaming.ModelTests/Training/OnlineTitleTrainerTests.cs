using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>Online training of an adapter line that is served by the title scorer.</summary>
public sealed class OnlineTitleTrainerTests : IDisposable
{
    private static readonly OnlineTrainerOptions Options =
        new()
        {
            Batch = 8,
            EncoderRate = 0,
            AdapterRate = 1e-2,
            ScalarRate = 1e-2,
            Pull = 0,
            TitleCandidates = 4,
            ReplayRecent = 16,
            ReplayReservoir = 16
        };
    private readonly TinyModel tiny = new();
    private readonly Snapshot start;

    // Before training, log-likelihoods differ by tens of nats.
    public OnlineTitleTrainerTests() =>
        start = tiny.Start with { Scorer = Scorer.Title, Head = tiny.Start.Head with { TitleWeights = new(0.2f, 0.1f) } };

    public void Dispose() => tiny.Dispose();

    [Fact]
    public void Training_lowers_the_loss_and_changes_adapter_and_title_weights()
    {
        using var trainer = Titled(new(tiny.Torch, tiny.Backbone, start, Options));
        var losses = Enumerable.Range(0, 30).Select(step => trainer.Observe(TinyModel.Walk(8, step * 8), 1).ScoreLoss).ToArray();
        Assert.True(losses[^5..].Average() < 0.8 * losses[..5].Average(), string.Join(' ', losses));
        var learned = trainer.Release();
        Assert.NotEqual(start.Head.TitleWeights, learned.Head.TitleWeights);
        Assert.NotEqual(start.Head.Weights[ScoreTerm.Encoder], learned.Head.Weights[ScoreTerm.Encoder]);
        Assert.Contains(learned.Lora.Pairs.Values, pair => pair.B.Any(value => value != 0));
        // The head scorer's maps and the weights of its other terms are not trained.
        Assert.Equal(start.Head.Title, learned.Head.Title);
        Assert.Equal(start.Head.Item, learned.Head.Item);
        Assert.Equal(start.Head.Weights.With(ScoreTerm.Encoder, 0), learned.Head.Weights.With(ScoreTerm.Encoder, 0));
    }

    [Fact]
    public void Samples_whose_target_has_no_title_are_counted_but_not_scored()
    {
        using var trainer = Titled(new(tiny.Torch, tiny.Backbone, start, Options));
        Assert.Equal(0, trainer.Observe([new Sample(["i1", "i2"], "untitled")], 1).ScoreLoss);
        Assert.Equal(1, trainer.Release().Items.Seen[^1]);
        Assert.True(trainer.Observe([new Sample(["untitled", "i2"], "i3")], 1).ScoreLoss > 0);
    }

    [Fact]
    public void The_weight_of_the_log_likelihood_stays_positive()
    {
        using var trainer =
            Titled(new(tiny.Torch, tiny.Backbone, start with { Head = start.Head with { TitleWeights = new(0.01f, 0) } },
                Options with { ScalarRate = 0.05, AdapterRate = 0 }));
        for (var step = 0; step < 20; step++)
            trainer.Observe(
                [.. Enumerable.Range(0, 8)
                    .Select(at => new Sample([$"i{(step * 5 + at) % TinyModel.Items}"], $"i{(step * 7 + at * at) % TinyModel.Items}"))], 1);
        Assert.True(trainer.Release().Head.TitleWeights.Likelihood > 0);
    }

    [Fact]
    public void A_resumed_trainer_gives_the_same_result_as_an_uninterrupted_one()
    {
        using var whole = Titled(new(tiny.Torch, tiny.Backbone, start, Options));
        Teach(whole, 0);
        var checkpoint = Checkpoint.Parse(whole.Save("settings", new Dictionary<string, long>(), null, null).ToBytes());
        Teach(whole, 3);
        using var resumed = Titled(OnlineTrainer.Resume(tiny.Torch, tiny.Backbone, checkpoint, Options));
        Teach(resumed, 3);
        var (a, b) = (SnapshotParts.Write(whole.Release()), SnapshotParts.Write(resumed.Release()));
        Assert.All([SnapshotParts.Adapter, SnapshotParts.Gate, SnapshotParts.Head], part => Assert.Equal(a[part], b[part]));
    }

    private static void Teach(OnlineTrainer trainer, int from)
    {
        for (var batch = from; batch < from + 3; batch++)
            trainer.Observe(TinyModel.Walk(7, batch * 8), 0.5);
    }

    private OnlineTrainer Titled(OnlineTrainer trainer)
    {
        foreach (var (item, title) in tiny.Titles)
            trainer.SetItem(item, title);
        return trainer;
    }
}
