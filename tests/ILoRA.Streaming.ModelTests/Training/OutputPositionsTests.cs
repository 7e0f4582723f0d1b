using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Backbones;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>A forward pass with output positions gives the same hidden states and gradients at them as a full forward pass.</summary>
public sealed class OutputPositionsTests : IDisposable
{
    private static readonly long[] Ids = [5, 6, 7, 8, 9, 10, 11, 9, 8, 7, 6, 5, 0, 0];
    private static readonly int[][] Positions = [[0, 3, 6], [4]];
    private readonly TorchBackbone backbone = TorchBackbone.Frozen(Backbone.Load(Golden.Own("llama")), CPU);

    public static TheoryData<string> Kinds => ["causal", "positions", "packed"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Hidden_states_and_gradients_equal_those_of_a_full_pass(string kind)
    {
        using var scope = NewDisposeScope();
        var (all, allGradient) = Read(kind, (embeddings, positions, mask) =>
            backbone.Hidden(embeddings, positions, mask).flatten(0, 1).index_select(0, tensor(new long[] { 0, 3, 6, 7 + 4 })));
        var (some, someGradient) = Read(kind, (embeddings, positions, mask) =>
        {
            var outputs = new OutputPositions(Positions, 7, CPU);
            return outputs.Read(backbone.Hidden(embeddings, positions, mask, outputs: outputs));
        });
        Assert.Equal([4L, backbone.Config.Hidden], some.shape);
        Assert.True(all.IsNear(some, 2e-5));
        Assert.True(allGradient.IsNear(someGradient, 1e-4));
    }

    private (Tensor Hidden, Tensor Gradient) Read(string kind, Func<Tensor, Tensor?, Tensor?, Tensor> pass)
    {
        var embeddings = backbone.Embed(tensor(Ids, [2, 7])).requires_grad_();
        // Two prompts of equal length with different candidates, so that each row has its own mask and positions.
        PackedPrompt[] packed = [PackedPrompt.Pack([5, 6, 7], [[8, 9, 1], [10, 11, 2]]),
            PackedPrompt.Pack([9, 8], [[7, 6, 5, 4, 1], [0, 2]])];
        var mask = kind == "packed" ? tensor(packed.SelectMany(prompt => prompt.Mask()).ToArray(), [2, 1, 7, 7]) : null;
        var positions = kind switch
        {
            "packed" => tensor(packed.SelectMany(prompt => prompt.Positions.Select(at => (long)at)).ToArray(), [2, 7]),
            "positions" => tensor(new long[] { 3, 4, 5, 6, 7, 8, 9 }),
            _ => null,
        };
        var hidden = pass(embeddings, positions, mask);
        (hidden * hidden).sum().backward();
        return (hidden, embeddings.grad!);
    }

    public void Dispose() => backbone.Dispose();
}
