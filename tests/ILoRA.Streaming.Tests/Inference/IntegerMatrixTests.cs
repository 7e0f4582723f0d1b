using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Tests.Inference;

public sealed class IntegerMatrixTests
{
    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(64)]
    public void Every_number_is_within_half_a_step_of_its_block(int inputs)
    {
        var random = new Random(2);
        var weight = new Tensor("w", [3, inputs], [.. Enumerable.Range(0, 3 * inputs).Select(_ => random.NextSingle() - 0.5f)]);
        var matrix = IntegerMatrix.Of(weight);
        var blocks = IntegerMatrix.Blocks(inputs);

        Assert.Equal((3 * blocks * IntegerMatrix.Block, 3 * blocks), (matrix.Values.Length, matrix.Scales.Length));
        for (var row = 0; row < 3; row++)
            for (var i = 0; i < blocks * IntegerMatrix.Block; i++)
            {
                var scale = matrix.Scales[row * blocks + i / IntegerMatrix.Block];
                var value = scale * (matrix.Values[row * blocks * IntegerMatrix.Block + i] - 128);
                Assert.Equal(i < inputs ? weight.Values[row * inputs + i] : 0, value, 0.501f * scale);
            }
    }

    [Fact]
    public void A_block_of_zeros_stays_zero()
    {
        var matrix = IntegerMatrix.Of(new Tensor("w", [1, 32], new float[32]));
        Assert.Equal([0f], matrix.Scales);
        Assert.All(matrix.Values, value => Assert.Equal(128, value));
    }
}
