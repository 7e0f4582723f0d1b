using CsCheck;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Tests.Model.Snapshots;

namespace ILoRA.Streaming.Tests.Model.Adapters;

public sealed class GateTests
{
    [Fact]
    public void Weights_lie_on_the_simplex() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 64], Gen.Int, Gen.Float[0, 1000], Gen.Bool).Sample((experts, width, seed, size, deep) =>
    {
        var random = new Random(seed);
        var gate =
            new Gate(experts, width, RandomSnapshot.Normal(random, experts * width),
                deep ? new(RandomSnapshot.Normal(random, width * width), RandomSnapshot.Normal(random, width)) : null);
        var weights = gate.Weights([.. RandomSnapshot.Normal(random, width).Select(value => value * size)]);

        Assert.Equal(experts, weights.Length);
        Assert.All(weights, weight => Assert.InRange(weight, 0, 1));
        Assert.Equal(1, weights.Sum(), 1e-5f);
    }, iter: 500);

    [Fact]
    public void A_uniform_gate_scales_the_rank_as_ordinary_lora_does() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 4], Gen.Float[0.5f, 64]).Sample((experts, slice, alpha) =>
    {
        var shape = new AdapterShape(experts, experts * slice, alpha, [LoraTarget.Q]);
        var scale = shape.RankScale(Gate.Uniform(experts, 64).Weights([]));

        Assert.Equal(shape.Rank, scale.Length);
        Assert.All(scale, value => Assert.Equal(alpha / shape.Rank, value, 1e-4f));
    });

    [Fact]
    public void Each_expert_scales_its_own_slice_of_the_rank()
    {
        var shape = new AdapterShape(2, 4, 8, [LoraTarget.Q]);
        Assert.Equal([1, 1, 3, 3], shape.RankScale([0.25f, 0.75f]));
    }

    [Fact]
    public void A_hidden_layer_applies_its_bias_and_relu()
    {
        // W1 z + b1 = (1 - 2 + 0.5, 4 + 1) = (-0.5, 5) -> relu (0, 5); W2 gives the logits 5 log 2 / 5 and 0: 2/3 and 1/3.
        var gate = new Gate(2, 2, [9, MathF.Log(2) / 5, 7, 0], new([1, -1, 0, 2], [0.5f, 1]));
        Assert.Equal(GateKind.Mlp, gate.Kind);
        Assert.Equal([2 / 3f, 1 / 3f], gate.Weights([1, 2]), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Throws<ArgumentException>(() => gate.Weights([1, 2, 3]));
    }

    [Fact]
    public void A_sequence_vector_of_another_width_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Gate(2, 3, new float[6]).Weights([1, 2]));
}
