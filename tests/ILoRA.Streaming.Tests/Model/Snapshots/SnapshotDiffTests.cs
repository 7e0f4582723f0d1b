using CsCheck;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Model.Snapshots;

public sealed class SnapshotDiffTests
{
    [Fact]
    public void A_version_is_equal_to_itself() => Gen.Int[0, 1000].Sample(seed =>
    {
        var diff = SnapshotDiff.Of(RandomSnapshot.Create(seed), RandomSnapshot.Create(seed));
        Assert.All(diff.Parts, part => Assert.True(part.Equal));
        Assert.All(diff.Parts.SelectMany(part => part.Tensors), tensor => Assert.Equal((false, 0d), (tensor.IsMoved, tensor.Relative)));
        Assert.Equal((0d, 0d, 0d), (diff.Gate.Moved, diff.Gate.Farthest, diff.Gate.MovedByGate));
        Assert.Equal(diff.Gate.A, diff.Gate.B);
        Assert.All(diff.Weights, weight => Assert.Equal(weight.A, weight.B));
        Assert.Equal((0, 0), (diff.ItemsAdded, diff.ItemsGone));
    }, iter: 50);

    [Fact]
    public void Every_part_is_compared_by_all_its_numeric_tensors()
    {
        var diff = SnapshotDiff.Of(RandomSnapshot.Create(1), RandomSnapshot.Create(1));
        Assert.Equal(SnapshotParts.Names, diff.Parts.Select(part => part.Part));
        Assert.Equal([8, 1, 4, 10, 24, 1], diff.Parts.Select(part => part.Tensors.Count));
        Assert.Equal(ScoreWeights.Terms.Count + TitleWeights.Count, diff.Weights.Count);
    }

    [Theory]
    [InlineData(new[] { 3f, 4f }, new[] { 6f, 8f }, 1d, 1d, 4d)]
    [InlineData(new[] { 3f, 4f }, new[] { -4f, 3f }, 1.4142135623730951, 0d, 7d)]
    [InlineData(new[] { 0f, 0f }, new[] { 0f, 2f }, null, null, 2d)]
    [InlineData(new[] { 0f, 0f }, new[] { 0f, 0f }, 0d, null, 0d)]
    [InlineData(new float[0], new float[0], 0d, null, 0d)]
    public void A_tensor_diff_has_the_relative_change_the_cosine_and_the_largest_change(
        float[] a, float[] b, double? relative, double? cosine, double largest)
        => Assert.Equal(new TensorDiff("t", relative, cosine, largest), TensorDiff.Of("t", a, b));

    [Fact]
    public void Only_changed_parts_tensors_and_weights_are_reported_as_changed()
    {
        var before = SmallSnapshot.Create();
        var diff =
            SnapshotDiff.Of(before,
                before with { Head = before.Head with { Weights = before.Head.Weights.With(ScoreTerm.TitleSimilarity, 3) } });
        Assert.Equal([SnapshotParts.Head], diff.Parts.Where(part => !part.Equal).Select(part => part.Part));
        Assert.Equal(["head.weight.similar"],
            diff.Parts.SelectMany(part => part.Tensors).Where(tensor => tensor.IsMoved).Select(tensor => tensor.Name));
        Assert.Equal([new WeightDiff("similar", 0, 3)], diff.Weights.Where(weight => weight.A != weight.B));
    }

    [Fact]
    public void A_different_scorer_is_reported_and_the_versions_are_still_compared()
    {
        var before = SmallSnapshot.Create();
        Assert.Equal([new SettingDiff("scorer", "Head", "Title")], SnapshotDiff.Of(before, before with { Scorer = Scorer.Title }).Settings);
        Assert.Empty(SnapshotDiff.Of(before, before).Settings);
    }

    [Fact]
    public void Exchanging_two_experts_moves_the_gate_by_the_difference_of_their_weights()
    {
        // z is the same for both histories up to rounding, since it is LN3 of one position. Swapping the rows of W swaps the weights of the
        // experts.
        var before = SmallSnapshot.Create();
        var after = before with { Gate = before.Gate with { Weight = [.. before.Gate.Weight[3..], .. before.Gate.Weight[..3]] } };
        var gate = SnapshotDiff.Of(before, after).Gate;
        Assert.Equal(2, gate.Histories);
        Assert.Equal(gate.A.Reverse(), gate.B, (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.Equal(Math.Abs(gate.A[0] - gate.A[1]), gate.Moved, 1e-6);
        Assert.Equal(gate.Moved, gate.MovedByGate, 1e-12);
    }

    [Fact]
    public void A_change_of_the_encoder_alone_is_not_counted_as_moved_by_the_gate()
    {
        var before = RandomSnapshot.Create(1);
        var gate = SnapshotDiff.Of(before, before with { Encoder = RandomSnapshot.Encoder(new Random(9), 4, 3) }).Gate;
        Assert.Equal(0, gate.MovedByGate);
        Assert.True(gate.Moved > 0);
    }

    [Fact]
    public void Rows_are_compared_item_by_item_as_the_encoder_grows()
    {
        var before = RandomSnapshot.Create(1, items: 3);
        var grown = Grown(before, "new");
        var diff = SnapshotDiff.Of(before, grown);
        Assert.Equal((3, 1, 0), (diff.ItemsShared, diff.ItemsAdded, diff.ItemsGone));
        Assert.Equal([SnapshotParts.Encoder, SnapshotParts.Neighbours], diff.Parts.Where(part => !part.Equal).Select(part => part.Part));
        Assert.All(diff.Parts.SelectMany(part => part.Tensors), tensor => Assert.False(tensor.IsMoved, tensor.Name));
        var back = SnapshotDiff.Of(grown, before);
        Assert.Equal((3, 0, 1), (back.ItemsShared, back.ItemsAdded, back.ItemsGone));
    }

    [Fact]
    public void A_new_pair_of_neighbours_is_compared_with_weight_zero()
    {
        var before = SmallSnapshot.Create() with { Neighbours = new([0, 1, 1], [1], [3]) };
        var neighbours = SnapshotDiff.Of(before, before with { Neighbours = new([0, 1, 2], [1, 0], [3, 4]) }).Parts[^1].Tensors.Single();
        Assert.Equal((4d / 3, 0.6, 4d), (neighbours.Relative!.Value, Math.Round(neighbours.Cosine!.Value, 12), neighbours.Largest));
    }

    [Fact]
    public void All_mismatches_are_named_in_one_error()
    {
        var a = RandomSnapshot.Create(1);
        var b = a with
        {
            Backbone = "other",
            Lora = a.Lora with { Shape = a.Shape with { Alpha = 8, Targets = [LoraTarget.Q, LoraTarget.O] } }
        };
        var error = Assert.Throws<InvalidDataException>(() => SnapshotDiff.Of(a, b));
        Assert.Equal(
            "The versions do not match: backbone backbone-1 against other, alpha 16 against 8, targets q down against q o; compare "
                + "versions of one backbone and shape.", error.Message);
        Assert.Contains("experts 2 against 4, rank 4 against 8",
            Assert.Throws<InvalidDataException>(() => SnapshotDiff.Of(a, RandomSnapshot.Create(1, experts: 4))).Message,
            StringComparison.Ordinal);
        Assert.Contains("head item width 9 against 11, projector 4 to 6 against 5 to 6, encoder width 4 against 5",
            Assert.Throws<InvalidDataException>(() => SnapshotDiff.Of(a, RandomSnapshot.Create(1, width: 5))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Gates_of_different_kinds_are_reported_and_compared_by_their_weights_only()
    {
        var linear = RandomSnapshot.Create(1);
        var diff = SnapshotDiff.Of(linear, linear with { Gate = RandomSnapshot.Create(3).Gate });
        Assert.Equal([new SettingDiff("gate", "Linear", "Mlp")], diff.Settings);
        Assert.Empty(diff.Parts[1].Tensors);
        Assert.True(diff.Gate.Moved > 0);
        Assert.Equal(3, SnapshotDiff.Of(RandomSnapshot.Create(3), RandomSnapshot.Create(3)).Parts[1].Tensors.Count);
    }

    [Fact]
    public void A_learned_gate_is_compared_with_a_uniform_one_by_its_weights()
    {
        var learned = RandomSnapshot.Create(1);
        var diff = SnapshotDiff.Of(learned, learned with { Gate = Gate.Uniform(2, 4) });
        Assert.Empty(diff.Parts[1].Tensors);
        Assert.Equal([0.5, 0.5], diff.Gate.B, (x, y) => Math.Abs(x - y) < 1e-9);
        Assert.True(diff.Gate.Moved > 0);
    }

    /// <summary>A copy of the version with one more item row, before the padding row as in the trainer.</summary>
    private static Snapshot Grown(Snapshot snapshot, string item)
    {
        var encoder = snapshot.Encoder;
        var tensors = encoder.Tensors.ToDictionary();
        tensors["item_embeddings.weight"] = [.. tensors["item_embeddings.weight"][..(encoder.Items * encoder.Width)],
            .. new float[encoder.Width], .. tensors["item_embeddings.weight"][(encoder.Items * encoder.Width)..]];
        tensors["s_fc.weight"] = [.. tensors["s_fc.weight"], .. new float[encoder.Width]];
        tensors["s_fc.bias"] = [.. tensors["s_fc.bias"], 0];
        return snapshot with
        {
            Encoder = encoder with { Items = encoder.Items + 1, Tensors = tensors },
            Items = new ItemTable([.. snapshot.Items.Ids, item], [.. snapshot.Items.Seen, 0], [.. snapshot.Items.Recent, 0]),
            Neighbours = snapshot.Neighbours with { Starts = [.. snapshot.Neighbours.Starts, snapshot.Neighbours.Starts[^1]] },
        };
    }
}
