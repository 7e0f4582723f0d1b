using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Worker;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class TrainingSessionTests : IDisposable
{
    private const int SimilarTerm = 4;
    private readonly TinyModel tiny = new();
    private readonly OnlineTrainer trainer;
    private readonly TrainingSession session;

    public TrainingSessionTests()
    {
        trainer = Trainer();
        session = Session(trainer);
    }

    [Fact]
    public void The_history_of_a_late_click_ends_before_it()
    {
        session.Take(A.Sequence("u", ["i1", "i4"], seconds: 9), batch: 8, share: 0);
        session.Take(A.Sequence("u", ["i1", "i2", "i4"], seconds: 9) with { Place = 2 }, batch: 8, share: 0);

        var checkpoint = session.Save(share: 0);
        Assert.Equal([("i1", "i4"), ("i1", "i2")],
            checkpoint.State.Replay.Recent.Select(sample => (string.Join(' ', sample.History), sample.Target)));
        Assert.Equal(A.Start.AddSeconds(9), checkpoint.State.Events);
    }

    [Fact]
    public void Samples_wait_for_a_full_batch_and_count_as_new_samples()
    {
        Take(2, batch: 3);
        Assert.Equal((0L, 2L), (trainer.Observed, session.SinceRelease));

        Take(1, batch: 3);
        Assert.Equal((3L, 3L), (trainer.Observed, session.SinceRelease));
    }

    [Fact]
    public void A_release_trains_on_waiting_samples_and_resets_the_count()
    {
        Take(2, batch: 3);

        var (snapshot, metrics) = session.Release(share: 0);

        Assert.Equal((2L, 0L), (trainer.Observed, session.SinceRelease));
        Assert.Equal(2, metrics["samples"]);
        Assert.Equal(tiny.Start.Items.Seen.Sum() + 2, snapshot.Items.Seen.Sum());
        Take(1, batch: 3);
        Assert.Equal(1, session.SinceRelease);
    }

    [Fact]
    public void Metrics_are_the_mean_losses_of_the_steps_since_the_last_release()
    {
        using var twin = Trainer();
        foreach (var (item, title) in tiny.Titles)
            twin.SetItem(item, title);
        session.UpdateCatalogue(Catalogue(tiny.Titles));
        var first = twin.Observe(TinyModel.Walk(4), 1);
        var second = twin.Observe(TinyModel.Walk(4, 4), 0);

        Take(4, batch: 4, share: 1);
        Take(4, batch: 4, from: 4);
        var metrics = session.Release(share: 0).Metrics;

        Assert.True(first.ScoreLoss > 0);
        Assert.Equal((first.EncoderLoss + second.EncoderLoss) / 2, metrics["encoder_loss"], 1e-5);
        // A step without the language model has no score loss, and does not lower the mean.
        Assert.Equal(first.ScoreLoss, metrics["score_loss"], 1e-5);
        var none = session.Release(share: 0).Metrics;
        Assert.Equal((0.0, 0.0, 8.0), (none["encoder_loss"], none["score_loss"], none["samples"]));
    }

    [Fact]
    public void A_checkpoint_includes_all_samples_before_its_offsets()
    {
        Take(1, batch: 3);
        session.SetOffsets([("sequences-0", 5), ("sequences-1", 7)]);
        session.SetOffsets([("sequences-0", 6)]);
        session.Published("online-000009");

        var state = session.Save(share: 0).State;
        session.SetOffsets([("sequences-0", 8)]);

        Assert.Equal(1, state.Observed);
        Assert.Equal(new Dictionary<string, long> { ["sequences-0"] = 6, ["sequences-1"] = 7 }, state.Offsets);
        Assert.Equal(("settings", "online-000009"), (state.Configuration, state.Version));
        Assert.Equal(8, session.Offsets["sequences-0"]);
    }

    [Fact]
    public void A_resumed_session_continues_with_its_offsets_version_and_event_time()
    {
        var trained = Trainer();
        trained.Observe(TinyModel.Walk(4), 0);
        using var resumed = Session(trained, new Dictionary<string, long> { ["sequences-0"] = 4 }, "online-000003", A.Start.AddSeconds(60));
        Assert.Equal((4L, "online-000003", 0L), (resumed.Offsets["sequences-0"], resumed.Version, resumed.SinceRelease));

        resumed.Take(A.Sequence("u", ["i1", "i2"], seconds: 30), batch: 8, share: 0);
        Assert.Equal(A.Start.AddSeconds(60), resumed.Events);
        resumed.Take(A.Sequence("u", ["i1", "i2"], seconds: 90), batch: 8, share: 0);
        Assert.Equal(A.Start.AddSeconds(90), resumed.Events);
    }

    [Fact]
    public void New_items_and_titles_of_the_catalogue_are_applied()
    {
        var builder = new CatalogueBuilder();
        Assert.Equal((TinyModel.Items, 0f), Similar());
        builder.Apply(new ItemEvent { Item = new("i1"), Title = "RED BOX NUMBER 1" });
        builder.Apply(new ItemEvent { Item = new("i2"), Title = "BLUE TIN" });
        builder.Apply(new ItemEvent { Item = new("new"), Title = "GREEN LAMP" });

        session.UpdateCatalogue(builder.Current);
        var (items, before) = Similar();
        builder.Apply(new ItemEvent { Item = new("i2"), Title = "RED BOX NUMBER 1" });
        session.UpdateCatalogue(builder.Current);
        var (same, after) = Similar();

        Assert.Equal((TinyModel.Items + 1, TinyModel.Items + 1), (items, same));
        Assert.NotEqual(0, before);
        Assert.NotEqual(1, before, 1e-3f);
        Assert.Equal(1, after, 1e-5f);
    }

    public void Dispose()
    {
        session.Dispose();
        tiny.Dispose();
    }

    /// <summary>The number of items of the trainer's catalogue, and the title similarity of i1 and i2.</summary>
    private (int Items, float Similar) Similar()
    {
        var (terms, targets) = trainer.Terms([new Sample(["i1"], "i2")])!.Value;
        using (terms)
        using (targets)
            return ((int)terms.shape[1], terms[0, targets[0].item<long>(), SimilarTerm].item<float>());
    }

    private void Take(int count, int batch, double share = 0, int from = 0)
    {
        foreach (var sample in TinyModel.Walk(count, from))
            session.Take(A.Sequence("u", [.. sample.History, sample.Target]), batch, share);
    }

    private OnlineTrainer Trainer() => new(tiny.Torch, tiny.Backbone, tiny.Start, new OnlineTrainerOptions());

    private TrainingSession Session(OnlineTrainer learner, Dictionary<string, long>? offsets = null, string? version = null,
        DateTimeOffset? events = null) =>
        new(TorchBackbone.Frozen(tiny.Backbone, CPU), learner, "settings", offsets ?? [], version, events);

    private static Catalogue Catalogue(IReadOnlyDictionary<string, string> titles)
    {
        var builder = new CatalogueBuilder();
        foreach (var (item, title) in titles)
            builder.Apply(new ItemEvent { Item = new(item), Title = title });
        return builder.Current;
    }
}
