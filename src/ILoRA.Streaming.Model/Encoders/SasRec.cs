using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Encoders;

/// <summary>
/// The sequential recommender SASRec in the form of LLaRA's public checkpoints: one block, one head, post-norm.
/// Tensors carry the checkpoints' own names (<c>item_embeddings.weight</c> [N + 1, d], <c>s_fc.weight</c> [N, d] ...).
/// </summary>
/// <param name="Width">d</param>
/// <param name="Positions">P, the longest history it reads (10).</param>
/// <param name="Items">N, the number of item rows; row N is the pad.</param>
/// <param name="Tensors">By name, row-major.</param>
public sealed record SasRec(int Width, int Positions, int Items, IReadOnlyDictionary<string, float[]> Tensors)
{
    /// <summary>The items' input rows and the pad's [N + 1, d].</summary>
    public const string InputTable = "item_embeddings.weight";

    /// <summary>The items' output rows [N, d].</summary>
    public const string OutputTable = "s_fc.weight";

    /// <summary>The items' biases [N].</summary>
    public const string OutputBias = "s_fc.bias";

    private const float Epsilon = 1e-5f;
    private const int MaxItems = 1 << 24;

    /// <summary>The input row [d] of item <paramref name="row"/>: what the projector reads.</summary>
    public ReadOnlySpan<float> ItemRow(int row) => Tensors[InputTable].AsSpan(row * Width, Width);

    /// <summary>How many numbers <see cref="ItemFeatures"/> gives: 2 d + 1.</summary>
    public int FeatureWidth => 2 * Width + 1;

    /// <summary>All that the encoder learned of an item [2 d + 1]: its input row (what follows it), its output row (what it follows) and its bias (how often it is the next at all).</summary>
    public float[] ItemFeatures(int row) => [.. ItemRow(row), .. Tensors[OutputTable].AsSpan(row * Width, Width), Tensors[OutputBias][row]];

    /// <summary>The encoder with one tensor replaced by another of its size.</summary>
    public SasRec With(string name, float[] values) => this with { Tensors = new Dictionary<string, float[]>(Tensors, StringComparer.Ordinal) { [name] = values } };

    /// <exception cref="InvalidDataException">A tensor is missing or has another shape.</exception>
    public static SasRec Read(SafetensorsFile file)
    {
        int[] sizes = [.. Shape(file, OutputTable), .. Shape(file, "positional_embeddings.weight")];
        var (items, width, positions) = (sizes[0], sizes[1], sizes[2]);
        if (width < 1 || positions < 1 || items > MaxItems)
            throw new InvalidDataException($"{file.Source}: {items} items of width {width} over {positions} positions make no encoder; at most {MaxItems} items.");
        var tensors = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var (name, shape) in SasRecShapes.Of(width, positions, items))
        {
            if (!file.Shape(name).SequenceEqual(shape))
                throw new InvalidDataException($"{file.Source}: tensor '{name}' is [{string.Join(", ", file.Shape(name))}], an encoder of {items} items needs [{string.Join(", ", shape)}].");
            tensors.Add(name, file.Read(name).Values);
        }
        return new SasRec(width, positions, items, tensors);
    }

    private static IReadOnlyList<int> Shape(SafetensorsFile file, string name) => file.Shape(name) is { Count: 2 } shape
        ? shape
        : throw new InvalidDataException($"{file.Source}: tensor '{name}' is [{string.Join(", ", file.Shape(name))}], expected two dimensions.");

    /// <summary>The tensors under their checkpoint names, to be written.</summary>
    public IEnumerable<ILoRA.Streaming.Model.Tensors.Tensor> ToTensors() =>
        SasRecShapes.Of(Width, Positions, Items).Select(entry => new ILoRA.Streaming.Model.Tensors.Tensor(entry.Name, entry.Shape, Tensors[entry.Name]));

    /// <summary>The sequence vector. Only the last position's output is needed, so only its query is computed.</summary>
    /// <param name="rows">Item rows, oldest first; the last <see cref="Positions"/> are read. Empty gives zeros.</param>
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
            TensorPrimitives.Add(ItemRow(rows[t]), Tensors["positional_embeddings.weight"].AsSpan(t * Width, Width), s.AsSpan(t * Width, Width));
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

    /// <param name="z">[d]</param>
    /// <returns>Logits [N] over all item rows.</returns>
    public float[] Logits(ReadOnlySpan<float> z)
    {
        var logits = new float[Items];
        Matrix.Multiply<float>(Tensors[OutputTable], z, logits);
        TensorPrimitives.Add(logits, Tensors[OutputBias], logits);
        return logits;
    }

    /// <summary>-log N: the log-probability that the score gives an item which the encoder has no trained row for.</summary>
    /// <param name="items">N, rows of the encoder.</param>
    public static float LogUnknown(int items) => -MathF.Log(Math.Max(1, items));

    /// <param name="logs">[N], from <see cref="LogProbabilities"/>.</param>
    /// <param name="row">The item's row, or -1 where it has none.</param>
    /// <returns>What the score reads of an item: its log-probability, or <see cref="LogUnknown"/>.</returns>
    public static float LogProbability(ReadOnlySpan<float> logs, int row) => row < 0 ? LogUnknown(logs.Length) : logs[row];

    /// <summary>log softmax of the logits over the rows that were trained: rows never seen are left out of the sum and get <see cref="LogUnknown"/>.</summary>
    /// <param name="z">[d]</param>
    /// <param name="seen">Times seen by row [N].</param>
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

    // One query over T keys: softmax(q K^T / sqrt(d)) V. Pads are never in the rows, so only real positions are keys.
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
