using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class GoldenTests
{
    public static IEnumerable<TheoryDataRow<string, string, int, string, ScalarType>> Losses =>
        from models in new[] { ("llama", "ilora-llama"), ("qwen2-bf16-sharded", "ilora-qwen2-qkvo") }
        from number in Enumerable.Range(0, 3)
        from loss in new[] { "listwise", "lm" }
        from type in new[] { ScalarType.Float32, ScalarType.Float64 }
        select new TheoryDataRow<string, string, int, string, ScalarType>(models.Item1, models.Item2, number, loss, type);

    [Theory]
    [InlineData("llama")]
    [InlineData("llama3-rope")]
    [InlineData("qwen2-bf16-sharded")]
    public void Logits_agree_with_the_golden_ones(string folder)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var path = Golden.Find(folder);
        Assert.SkipWhen(path is null, Golden.Missing);
        using var backbone = TorchBackbone.Frozen(Backbone.Load(path!), CPU);
        var expected = Golden.Expected(path!);
        foreach (var name in expected.Names.Where(name => name.EndsWith(".ids", StringComparison.Ordinal)))
        {
            var ids = expected.ReadInt64(name);
            var logits = backbone.Logits(backbone.Hidden(backbone.Embed(tensor(ids, [1, ids.Length]))))[0].Values();
            AssertNear(expected.Read(name.Replace(".ids", ".logits", StringComparison.Ordinal)).Values, logits, 1e-4);
        }
    }

    [Fact]
    public void A_uniform_gate_is_ordinary_LoRA()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (source, adapter, expected) = Load("llama", "ilora-llama");
        using var backbone = TorchBackbone.Frozen(source, CPU);
        using var lora = new TorchLora(source.Config, adapter.Lora, CPU);
        var ids = expected.ReadInt64("uniform.ids");
        using var gate = new TorchGate(Gate.Uniform(4, 64), adapter.Lora.Shape, CPU);
        var hidden =
            backbone.Hidden(backbone.Embed(tensor(ids, [1, ids.Length])), lora: lora,
                rankScale: gate.RankScale(gate.Weights(zeros(1, 64))));
        AssertNear(expected.Read("uniform.logits").Values, backbone.Logits(hidden)[0].Values(), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Scores_losses_and_all_gradients_agree_with_the_golden_ones(string backbone, string folder, int number, string loss,
        ScalarType type)
    {
        // In float32, as in training, scores of an adapter with large logits are exact to three decimals.
        var tolerance = type == ScalarType.Float64 ? 1e-4 : 1e-3;
        Assert.SkipWhen(Golden.Find(backbone) is null || Golden.Find(folder) is null, Golden.Missing);
        using var scope = NewDisposeScope();
        var (source, adapter, expected) = Load(backbone, folder);
        using var golden = new TorchGoldenCase(source, adapter, GoldenCase.Read(expected, number), type);
        AssertNear(expected.Read($"{number}.gate").Values, golden.Gate.Values(), 1e-5);
        var scores = expected.Read($"{number}.scores").Values;
        // Gate and projector are float32 in both, and large logits amplify their rounding, so part of the tolerance is relative to the
        // score.
        var ofScores = tolerance + 1e-5 * scores.Max(MathF.Abs);
        AssertNear(scores, golden.Scores.Values(), ofScores);
        var value = golden.Loss(loss);
        Assert.Equal(expected.ReadDoubles($"{number}.{loss}")[0], value.item<float>(), ofScores);
        // A loss weighs the candidates by exponentials of their scores: what the scores may be off, the gradients may be off relatively.
        var ofGradients = type == ScalarType.Float64 ? 5e-4 : ofScores;
        var gradients = golden.Gradients(value);
        var prefix = $"{number}.{loss}.grad.";
        foreach (var name in expected.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var wanted = expected.Read(name).Values;
            AssertNear(wanted, gradients[name[prefix.Length..]], ofGradients * wanted.Max(MathF.Abs) + 1e-7);
        }
    }

    [Fact]
    public void Right_padding_does_not_change_hidden_states()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var backbone = TorchBackbone.Frozen(Backbone.Load(Golden.Own("llama")), CPU);
        var alone = backbone.Hidden(backbone.Embed(tensor([5L, 6, 7], [1, 3]))).Values();
        var padded = backbone.Hidden(backbone.Embed(tensor([5L, 6, 7, 0, 0, 9, 8, 7, 6, 5], [2, 5])))[0].Values();
        AssertNear(alone, padded[..alone.Length], 1e-5);
    }

    private static (Backbone Source, AdapterFolder Adapter, SafetensorsFile Expected) Load(string backbone, string folder) =>
        (Backbone.Load(Golden.Find(backbone)!), AdapterFolder.Read(Golden.Find(folder)!), Golden.Expected(Golden.Find(folder)!));

    private static void AssertNear(float[] expected, float[] actual, double tolerance)
    {
        Assert.True(expected.Length <= actual.Length, $"{actual.Length} values, expected {expected.Length}");
        var shift = actual.Length - expected.Length;      // the golden file may hold the last rows alone
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i + shift]) <= tolerance,
                $"value {i}: {actual[i + shift]}, expected {expected[i]} within {tolerance}");
    }
}
