using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using ILoRA.Streaming.Model.Tensors;
using Tensor = ILoRA.Streaming.Model.Tensors.Tensor;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// Random weights with the shapes of a trained model, as a control experiment: every matrix and bias is drawn from a uniform distribution
/// with the mean square of the trained one, every norm is 1. The difference in quality between the trained and the random weights is the
/// gain from pre-training.
/// </summary>
/// <param name="trained">The trained weights, for shapes and mean squares.</param>
/// <param name="seed">The same seed gives the same weights, in any order of reading.</param>
internal sealed class RandomWeights(ITensorFile trained, int seed) : ITensorFile
{
    private Tensor? last;

    public string Source => trained.Source;

    public bool Contains(string name) => trained.Contains(name);

    public IReadOnlyList<int> Shape(string name) => trained.Shape(name);

    public string Type(string name) => trained.Type(name);

    public Tensor Read(string name)
    {
        var tensor = trained.Read(name);
        return tensor with { Values = name.EndsWith("norm.weight", StringComparison.Ordinal) ? Ones(tensor.Values.Length) : Drawn(tensor) };
    }

    // A tensor can only be drawn whole, so the last one is kept for the next rows.
    public void ReadRows(string name, int first, Span<float> into)
    {
        var drawn = Volatile.Read(ref last);
        if (drawn?.Name != name)
            Volatile.Write(ref last, drawn = Read(name));
        drawn.Values.AsSpan(RowRange.Start(drawn.Shape, first, into.Length), into.Length).CopyTo(into);
    }

    private static float[] Ones(int count)
    {
        var values = new float[count];
        Array.Fill(values, 1);
        return values;
    }

    // U(-b, b) has the mean square b^2 / 3.
    private float[] Drawn(Tensor tensor)
    {
        var bound = MathF.Sqrt(3 * TensorPrimitives.SumOfSquares<float>(tensor.Values) / tensor.Values.Length);
        var random =
            new Random(
                BinaryPrimitives.ReadInt32LittleEndian(
                    SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed} {tensor.Name}")))));
        var values = new float[tensor.Values.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (2 * random.NextSingle() - 1) * bound;
        return values;
    }
}
