using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class OnlineTrainerTests
{
    private static readonly OnlineTrainerOptions Options =
        new() { Batch = 8, LanguageModelShare = 0.5, EncoderRate = 1e-2, ReplayRecent = 16, ReplayReservoir = 16 };

    [Fact]
    public void An_untrained_trainer_exports_its_initial_snapshot()
    {
        using var tiny = new TinyModel();
        using var trainer = New(tiny);
        Assert.Equal(Bytes(tiny.Start), Bytes(trainer.Release()));
    }

    [Fact]
    public void Learning_lowers_both_losses()
    {
        using var tiny = new TinyModel();
        using var trainer = New(tiny);
        var first = trainer.Observe(TinyModel.Walk(8), 1);
        var last = first;
        for (var step = 1; step < 40; step++)
            last = trainer.Observe(TinyModel.Walk(8, step * 8), 1);
        Assert.True(last.EncoderLoss < 0.7 * first.EncoderLoss, $"{first} -> {last}");
        Assert.True(last.ScoreLoss < 0.8 * first.ScoreLoss, $"{first} -> {last}");
    }

    [Fact]
    public void A_new_item_gets_a_row_and_other_rows_stay_in_place()
    {
        using var tiny = new TinyModel();
        using var trainer = New(tiny);
        trainer.SetItem("new", "BLUE TIN");
        trainer.Observe([new Sample(["i1", "i2"], "new"), new Sample(["i1", "new"], "i3")]);
        var after = trainer.Release();
        Assert.Equal([.. tiny.Start.Items.Ids, "new"], after.Items.Ids);
        Assert.Equal(TinyModel.Items + 1, after.Encoder.Items);
        Assert.Equal(1, after.Items.Seen[^1]);
        Assert.Equal(4, after.Items.Seen[3]);
        SnapshotFit.Require(after, tiny.Backbone);
        SnapshotParts.Read(SnapshotParts.Write(after).ToDictionary(part => part.Key, part => (ReadOnlyMemory<byte>)part.Value));
    }

    [Fact]
    public void A_resumed_trainer_gives_the_same_result_as_an_uninterrupted_one()
    {
        using var tiny = new TinyModel();
        using var whole = New(tiny);
        Teach(whole, 0, 3);
        var checkpoint =
            Checkpoint.Parse(
                whole.Save("settings", new Dictionary<string, long> { ["sequences-0"] = 24 }, "online-000002", null).ToBytes());
        Teach(whole, 3, 3);
        using var resumed = OnlineTrainer.Resume(tiny.Torch, tiny.Backbone, checkpoint, Options);
        foreach (var (item, title) in tiny.Titles)
            resumed.SetItem(item, title);
        Teach(resumed, 3, 3);
        Assert.Equal(24, checkpoint.State.Offsets["sequences-0"]);
        Assert.Equal(whole.Observed, resumed.Observed);
        var (a, b) = (whole.Release(), resumed.Release());
        Assert.Equal(a.Encoder.Tensors["s_fc.weight"], b.Encoder.Tensors["s_fc.weight"]);
        Assert.Equal(a.Lora.Pairs.Values.SelectMany(pair => pair.B), b.Lora.Pairs.Values.SelectMany(pair => pair.B));
        Assert.Equal(a.Gate.Weight, b.Gate.Weight);
    }

    [Fact]
    public void An_item_without_a_title_has_no_title_similarity_as_in_serving()
    {
        using var tiny = new TinyModel();
        using var trainer = new OnlineTrainer(tiny.Torch, tiny.Backbone, tiny.Start, Options);
        foreach (var (item, title) in tiny.Titles.Where(pair => pair.Key != "i5"))
            trainer.SetItem(item, title);
        var similar = Similar(new Sample(["i1", "i5"], "i2"));

        var centre = tiny.Start.Head.Centre;
        var directions =
            tiny.Start.Items.Ids.Select(
                item => item == "i5"
                    ? new float[centre.Length] : TitleSimilarity.Direction(TitleVectors.Of(tiny.Backbone, tiny.Titles[item]), centre))
                        .ToArray();
        var query = TitleSimilarity.Query([directions[1], directions[5]], centre.Length);
        Assert.All(similar, (value, place) => Assert.Equal(TensorPrimitives.Dot<float>(query, directions[place]), value, 1e-5f));
        Assert.Equal(0, similar[5]);
        Assert.NotEqual(0, similar[1]);
        Assert.All(Similar(new Sample(["i5"], "i2")), value => Assert.Equal(0, value));

        float[] Similar(Sample sample)
        {
            var (terms, targets) = trainer.Terms([sample])!.Value;
            using (terms)
            using (targets)
                return [.. Enumerable.Range(0, TinyModel.Items).Select(place => terms[0, place, 4].item<float>())];
        }
    }

    [Fact]
    public void An_item_has_no_nearest_items_until_it_gets_a_title()
    {
        using var tiny = new TinyModel();
        using var catalogue = new TorchCatalogue(tiny.Backbone, CPU);
        catalogue.Set("a", "RED BOX");
        catalogue.Add("b");
        Assert.Equal("b", catalogue.TitleOf("b"));
        Assert.Null(catalogue.Nearest("b", [true, true], 5));
        Assert.Equal([0L], catalogue.Nearest("a", [true, true], 5)!.Value.Places);
        catalogue.Set("b", "BLUE BOX");
        Assert.Equal([1L, 0L], catalogue.Nearest("b", [true, true], 5)!.Value.Places);
    }

    [Fact]
    public void A_users_first_click_changes_the_counts_only()
    {
        using var tiny = new TinyModel();
        using var trainer = New(tiny);
        trainer.Observe([new Sample([], "i5")]);
        var after = trainer.Release();
        Assert.Equal(4, after.Items.Seen[5]);
        Assert.Equal(tiny.Start.Encoder.Tensors["s_fc.weight"], after.Encoder.Tensors["s_fc.weight"]);
    }

    [Fact]
    public void The_pull_keeps_the_adapter_closer_to_its_last_release()
    {
        using var tiny = new TinyModel();
        double Moved(double pull)
        {
            using var trainer = New(tiny, Options with { Pull = pull, AdapterRate = 1e-3 });
            Teach(trainer, 0, 20);
            return trainer.Release().Lora.Pairs.Values.SelectMany(pair => pair.B).Sum(value => (double)value * value);
        }
        Assert.True(Moved(200) < 0.8 * Moved(0));
    }

    [Fact]
    public void A_step_with_accumulated_gradients_equals_one_with_a_single_pass()
    {
        using var tiny = new TinyModel();
        var (parts, whole) = (After(1), After(100_000));
        Assert.Equal(whole.Loss, parts.Loss, 1e-3);
        // Adam's first step depends on the gradient's sign only, which rounding flips where the gradient is close to zero, so distances are
        // compared.
        Assert.InRange(TensorPrimitives.Distance<float>(Learned(whole.Snapshot), Learned(parts.Snapshot)), 0,
            0.02 * TensorPrimitives.Distance<float>(Learned(whole.Snapshot), Learned(tiny.Start)));

        (double Loss, Snapshot Snapshot) After(int tokens)
        {
            using var trainer = New(tiny, Options with { Replay = 1 }, tokens);
            trainer.Observe([.. TinyModel.Walk(6), new Sample(["i1"], "i7"), new Sample(["i1", "i2", "i3", "i4"], "i0")], 1);
            var report = trainer.Observe([.. TinyModel.Walk(6, 8), new Sample(["i2"], "i9"), new Sample(["i5", "i2", "i3"], "i1")], 1);
            return (report.ScoreLoss, trainer.Release());
        }

        static float[] Learned(Snapshot snapshot) =>
            [.. snapshot.Lora.Pairs.OrderBy(pair => $"{pair.Key}").SelectMany(pair => pair.Value.B), .. snapshot.Head.Title];
    }

    private static OnlineTrainer New(TinyModel tiny, OnlineTrainerOptions? options = null, int tokens = 512)
    {
        var trainer = new OnlineTrainer(tiny.Torch, tiny.Backbone, tiny.Start, options ?? Options) { TokensPerPass = tokens };
        foreach (var (item, title) in tiny.Titles)
            trainer.SetItem(item, title);
        return trainer;
    }

    private static void Teach(OnlineTrainer trainer, int from, int batches)
    {
        for (var batch = from; batch < from + batches; batch++)
            trainer.Observe([.. TinyModel.Walk(7, batch * 8), new Sample(["i1", "i4"], $"new{batch}")]);
    }

    private static string Bytes(Snapshot snapshot) =>
        string.Join(' ',
            SnapshotParts.Write(snapshot).Select(part => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(part.Value))));
}
