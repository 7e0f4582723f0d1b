using ILoRA.Streaming.Model.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ILoRA.Streaming.Inference.Graphs;

/// <summary>
/// A linear layer's weight quantised to eight bits, with one scale for each block of <see cref="Block"/> inputs: weight = scale x (value -
/// 128), where the largest magnitude of a block is 127 steps.
/// </summary>
/// <param name="Values">[out, blocks, Block], padded with 128 (zero) to whole blocks.</param>
/// <param name="Scales">[out, blocks]</param>
internal sealed record IntegerMatrix(byte[] Values, float[] Scales)
{
    /// <summary>The number of inputs that share a scale.</summary>
    public const int Block = 32;

    private const int Zero = 128;

    /// <summary>The number of blocks in a row of a matrix.</summary>
    public static int Blocks(int inputs) => (inputs + Block - 1) / Block;

    /// <summary>Quantises a weight.</summary>
    /// <param name="weight">[out, in]</param>
    public static IntegerMatrix Of(Tensor weight)
    {
        var blocks = Blocks(weight.Shape[1]);
        var matrix = new IntegerMatrix(new byte[weight.Shape[0] * blocks * Block], new float[weight.Shape[0] * blocks]);
        Array.Fill(matrix.Values, (byte)Zero);
        for (var row = 0; row < weight.Shape[0]; row++)
            for (var block = 0; block < blocks; block++)
                matrix.Fill(row * blocks + block,
                    weight.Row(row).Span.Slice(block * Block, Math.Min(Block, weight.Shape[1] - block * Block)));
        return matrix;
    }

    private void Fill(int place, ReadOnlySpan<float> values)
    {
        var scale = Scales[place] = MathF.Abs(TensorPrimitives.MaxMagnitude(values)) / sbyte.MaxValue;
        for (var i = 0; i < values.Length && scale > 0; i++)
            Values[place * Block + i] = (byte)(Zero + MathF.Round(values[i] / scale));
    }
}
