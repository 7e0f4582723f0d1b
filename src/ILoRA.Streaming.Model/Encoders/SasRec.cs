using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Encoders;

/// <summary>
/// The sequence encoder SASRec (arXiv 1808.09781) with the architecture of LLaRA's public checkpoints: one block, one head, post-norm.
/// Tensors have the checkpoints' names (<c>item_embeddings.weight</c> [N + 1, d], <c>s_fc.weight</c> [N, d] ...).
/// </summary>
/// <param name="Width">d</param>
/// <param name="Positions">P, the greatest length of a history, in items.</param>
/// <param name="Items">N, the number of item rows; row N of the input table is padding.</param>
/// <param name="Tensors">Values by tensor name, row-major.</param>
public sealed record SasRec(int Width, int Positions, int Items, IReadOnlyDictionary<string, float[]> Tensors)
{
    /// <summary>The input embeddings of the items and of padding [N + 1, d].</summary>
    public const string InputTable = "item_embeddings.weight";

    /// <summary>The output embeddings of the items [N, d].</summary>
    public const string OutputTable = "s_fc.weight";

    /// <summary>The output biases of the items [N].</summary>
    public const string OutputBias = "s_fc.bias";

    private const float Epsilon = 1e-5f;
    private const int MaxItems = 1 << 24;

    /// <summary>The input embedding [d] of item <paramref name="row"/>, which the projector reads too.</summary>
    public ReadOnlySpan<float> ItemRow(int row) => Tensors[InputTable].AsSpan(row * Width, Width);

    /// <summary>The length of <see cref="ItemFeatures"/>: 2 d + 1.</summary>
    public int FeatureWidth => 2 * Width + 1;

    /// <summary>All parameters of one item [2 d + 1]: its input embedding, its output embedding and its output bias.</summary>
    public float[] ItemFeatures(int row) => [.. ItemRow(row), .. Tensors[OutputTable].AsSpan(row * Width, Width), Tensors[OutputBias][row]];

    /// <summary>A copy of the encoder with one tensor replaced by another of the same size.</summary>
    public SasRec With(string name, float[] values) =>
        this with { Tensors = new Dictionary<string, float[]>(Tensors, StringComparer.Ordinal) { [name] = values } };

    /// <summary>Reads an encoder under the tensor names of the public checkpoints.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing or has another shape.</exception>
    public static SasRec Read(SafetensorsFile file)
    {
        int[] sizes = [.. Shape(file, OutputTable), .. Shape(file, "positional_embeddings.weight")];
        var (items, width, positions) = (sizes[0], sizes[1], sizes[2]);
        if (width < 1 || positions < 1 || items > MaxItems)
            throw new InvalidDataException(
                $"{file.Source}: {items} items of width {width} over {positions} positions are not an encoder (at most {MaxItems} items).");
        var tensors = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var (name, shape) in SasRecShapes.Of(width, positions, items))
        {
            if (!file.Shape(name).SequenceEqual(shape))
                throw new InvalidDataException(
                    $"{file.Source}: tensor '{name}' is [{string.Join(", ", file.Shape(name))}], an encoder of {items} items needs "
                        + $"[{string.Join(", ", shape)}].");
            tensors.Add(name, file.Read(name).Values);
        }
        return new SasRec(width, positions, items, tensors);
    }

    private static IReadOnlyList<int> Shape(SafetensorsFile file, string name) => file.Shape(name) is { Count: 2 } shape
        ? shape
        : throw new InvalidDataException(
            $"{file.Source}: tensor '{name}' is [{string.Join(", ", file.Shape(name))}], expected two dimensions.");

    /// <summary>The tensors under the names of the public checkpoints, for writing.</summary>
    public IEnumerable<ILoRA.Streaming.Model.Tensors.Tensor> ToTensors() =>
        SasRecShapes.Of(Width, Positions, Items)
            .Select(entry => new ILoRA.Streaming.Model.Tensors.Tensor(entry.Name, entry.Shape, Tensors[entry.Name]));

    /// <summary>Computes the sequence vector z. Only the last position's output is needed, so only its query is computed.</summary>
    /// <param name="rows">The item rows of the history, oldest first; only the last <see cref="Positions"/> are used. An empty history
    /// gives zeros.</param>
    /// <returns>z [d]</returns>
    public float[] Encode(ReadOnlySpan<int> rows)
    {
        if (rows.Length > Positions)
            rows = rows[^Positions..];
        var z = new float[Width];
        if (rows.IsEmpty)
            return z;
        var s = new float[rows.Length * Width];                                    // [T, d]
        for (var t = 0; t < rows.Length; t++)
            TensorPrimitives.Add(ItemRow(rows[t]), Tensors["positional_embeddings.weight"].AsSpan(t * Width, Width),
                s.AsSpan(t * Width, Width));
        var q = Normalised(s.AsSpan(^Width..), "ln_1");                            // q = LN1(s), [d]
        var m = Attend(s, Linear(q, "mh_attn.linear_q"), rows.Length);
        TensorPrimitives.Add(m, q, m);                                             // m = aV + q
        var y = Normalised(m, "ln_2");
        var inner = Linear(y, "feed_forward.w_1");
        TensorPrimitives.Max(inner, 0f, inner);
        var f = Linear(inner, "feed_forward.w_2");
        TensorPrimitives.Add(f, y, f);
        return Normalised(Normalised(f, "feed_forward.layer_norm"), "ln_3");       // z = LN3(LNff(W2 relu(W1 y) + y))
    }

    /// <summary>Computes the logits of the next item.</summary>
    /// <param name="z">The sequence vector [d].</param>
    /// <returns>Logits [N] by item row.</returns>
    public float[] Logits(ReadOnlySpan<float> z)
    {
        var logits = new float[Items];
        Matrix.Multiply<float>(Tensors[OutputTable], z, logits);
        TensorPrimitives.Add(logits, Tensors[OutputBias], logits);
        return logits;
    }

    /// <summary>-log N, the log-probability of an item without a trained row.</summary>
    /// <param name="items">N, the number of item rows.</param>
    public static float LogUnknown(int items) => -MathF.Log(Math.Max(1, items));

    /// <summary>The log-probability of one item, in nats.</summary>
    /// <param name="logs">[N], from <see cref="LogProbabilities"/>.</param>
    /// <param name="row">The item's row, or -1 where it has none.</param>
    /// <returns>The item's entry of <paramref name="logs"/>, or <see cref="LogUnknown"/> where it has no row.</returns>
    public static float LogProbability(ReadOnlySpan<float> logs, int row) => row < 0 ? LogUnknown(logs.Length) : logs[row];

    /// <summary>
    /// The log softmax of the logits over the trained rows, in nats. Rows without a training click are excluded and get
    /// <see cref="LogUnknown"/>.
    /// </summary>
    /// <param name="z">The sequence vector [d].</param>
    /// <param name="seen">The number of training clicks by row [N].</param>
    /// <returns>[N]</returns>
    public float[] LogProbabilities(ReadOnlySpan<float> z, ReadOnlySpan<float> seen)
    {
        var logits = Logits(z);
        var max = float.NegativeInfinity;
        for (var row = 0; row < Items; row++)
            if (seen[row] > 0)
                max = MathF.Max(max, logits[row]);
        double sum = 0;
        for (var row = 0; row < Items; row++)
            if (seen[row] > 0)
                sum += Math.Exp(logits[row] - max);
        var log = max + (float)Math.Log(sum);
        for (var row = 0; row < Items; row++)
            logits[row] = seen[row] > 0 ? logits[row] - log : LogUnknown(Items);
        return logits;
    }

    // One query over T keys: softmax(q K^T / sqrt(d)) V. The rows contain no padding, so every position is a key.
    private float[] Attend(float[] s, float[] query, int length)
    {
        var weights = new float[length];
        var values = new float[length][];
        for (var t = 0; t < length; t++)
        {
            var position = s.AsSpan(t * Width, Width);
            weights[t] = TensorPrimitives.Dot(query, Linear(position, "mh_attn.linear_k")) / MathF.Sqrt(Width);
            values[t] = Linear(position, "mh_attn.linear_v");
        }
        Softmax.InPlace<float>(weights);
        var mixed = new float[Width];
        for (var t = 0; t < length; t++)
            Matrix.AddScaled<float>(values[t], weights[t], mixed);
        return mixed;
    }

    private float[] Linear(ReadOnlySpan<float> x, string name)
    {
        var y = new float[Width];
        Matrix.Multiply<float>(Tensors[name + ".weight"], x, y);
        TensorPrimitives.Add(y, Tensors[name + ".bias"], y);
        return y;
    }

    private float[] Normalised(ReadOnlySpan<float> x, string name)
    {
        var y = new float[Width];
        var mean = TensorPrimitives.Sum(x) / Width;
        TensorPrimitives.Subtract(x, mean, y);
        var scale = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares(y) / Width + Epsilon);
        TensorPrimitives.Multiply(y, scale, y);
        TensorPrimitives.MultiplyAdd<float>(y, Tensors[name + ".weight"], Tensors[name + ".bias"], y);
        return y;
    }
}
