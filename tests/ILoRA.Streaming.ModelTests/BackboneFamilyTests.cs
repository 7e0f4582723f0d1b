using System.Numerics.Tensors;
using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Reference;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using Microsoft.Extensions.Logging.Abstractions;
using TorchSharp;
using Device = ILoRA.Streaming.Inference.Sessions.Device;

namespace ILoRA.Streaming.ModelTests;

public sealed class BackboneFamilyTests
{
    private static readonly int[] Ids = [5, 300, 17, 17, 41, 2, 511];
    private static readonly GraphShape NoAdapter = new(1, []);

    public static TheoryData<string> Families => [.. BackboneFamily.All.Select(family => family.Name)];

    [Theory]
    [MemberData(nameof(Families))]
    public void All_three_implementations_agree_on_every_family(string family)
    {
        using var random = new RandomBackbone(family);
        var expected = ByReference(random.Backbone);

        Assert.InRange(Golden.Difference(ByTorch(random.Backbone), expected), 0, 1e-4);
        Assert.InRange(Golden.Difference(ByGraph(random.Backbone, GraphPrecision.Fast), expected), 0, 1e-4);
        Assert.InRange(Golden.Difference(ByGraph(random.Backbone, GraphPrecision.Exact), expected), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Eight_bit_logits_are_close_to_the_reference(string family)
    {
        using var random = new RandomBackbone(family);
        var expected = ByReference(random.Backbone);

        var eight = Array.ConvertAll(ByGraph(random.Backbone, GraphPrecision.EightBit), value => (double)value);

        Assert.InRange(TensorPrimitives.CosineSimilarity<double>(eight, expected), 0.999, 1);
        Assert.NotInRange(Golden.Difference(eight, expected), 0, 1e-4);
    }

    [Fact]
    public void A_head_norm_removes_the_scale_of_q_and_k()
    {
        using var plain = new RandomBackbone("qwen3");
        using var scaled =
            new RandomBackbone("qwen3",
                name => name.Contains("q_proj", StringComparison.Ordinal) || name.Contains("k_proj", StringComparison.Ordinal) ? 500 : 1);

        // The scale still has an effect through the norm's epsilon (1e-5; the mean square is about 0.1).
        Assert.InRange(Golden.Difference(ByReference(scaled.Backbone), ByReference(plain.Backbone)), 0, 1e-3);
    }

    [Fact]
    public void The_bias_of_qwen2_changes_the_logits()
    {
        using var biased = new RandomBackbone("qwen2");
        using var bare = new RandomBackbone("qwen2", name => name.EndsWith("bias", StringComparison.Ordinal) ? 0 : 1);
        Assert.InRange(Golden.Difference(ByReference(bare.Backbone), ByReference(biased.Backbone)), 1e-3, double.MaxValue);
    }

    private static double[] ByReference(Backbone backbone)
    {
        var forward = new ReferenceForward(backbone);
        return [.. forward.Hidden(ForwardInput.Causal(Ids), null).SelectMany(row => forward.Logits(row))];
    }

    private static float[] ByTorch(Backbone source)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var backbone = TorchBackbone.Frozen(source, torch.CPU);
        return backbone.Logits(backbone.Hidden(backbone.Embed(torch.tensor(Array.ConvertAll(Ids, id => (long)id), [1, Ids.Length]))))
            .Values();
    }

    private static float[] ByGraph(Backbone backbone, GraphPrecision precision)
    {
        using var session = BackboneSession.Open(backbone, NoAdapter, precision, Device.Cpu, 1, NullLogger.Instance);
        using var none = AdapterTensors.Of(backbone.Config, NoAdapter, null);
        return session.Logits(new PromptRun { Ids = Ids, RankScale = [], Rows = [.. Enumerable.Range(0, Ids.Length)] }, none);
    }
}
