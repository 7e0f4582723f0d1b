using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Reference;

/// <summary>
/// The reference implementation of the forward pass: a decoder of the Llama kind with instance-wise LoRA, in double precision. It is
/// written for clarity; tests compare LibTorch and the ONNX graph with it. Shapes: T tokens, H hidden, n query heads and g key-value heads
/// of size d, F feed-forward, r rank, P positions, V vocabulary.
/// </summary>
public sealed class ReferenceForward(Backbone backbone)
{
    private readonly BackboneConfig config = backbone.Config;
    private readonly float[] cos = RopeTable.Cos(backbone.Config);                         // [P, d/2]
    private readonly float[] sin = RopeTable.Sin(backbone.Config);                         // [P, d/2]
    private readonly Dictionary<(int, LoraTarget), double[]> linears = [];
    private readonly Lazy<double[]> output = new(() => Wide(backbone.Output.Values));       // [V, H]

    /// <summary>Computes the hidden states.</summary>
    /// <param name="input">Tokens, positions, attention pattern and replaced embeddings.</param>
    /// <param name="correction">The user's LoRA correction, or null for the backbone alone.</param>
    /// <returns>The hidden states [T][H] after the final norm.</returns>
    public double[][] Hidden(ForwardInput input, LoraCorrection? correction)
    {
        var x = Embed(input);                                                              // [T][H]
        for (var layer = 0; layer < config.Layers; layer++)
        {
            var normed = Norm(x, Wide(backbone.InputNorm(layer).Values));
            x = Add(x, Attention(normed, layer, input, correction));
            normed = Norm(x, Wide(backbone.PostNorm(layer).Values));
            x = Add(x, FeedForward(normed, layer, correction));
        }
        return Norm(x, Wide(backbone.FinalNorm.Values));
    }

    /// <summary>Computes the logits of the next token.</summary>
    /// <param name="hidden">The hidden state [H] of one position, from <see cref="Hidden"/>.</param>
    /// <returns>Logits [V].</returns>
    public double[] Logits(ReadOnlySpan<double> hidden)
    {
        var logits = new double[config.Vocabulary];
        Matrix.Multiply<double>(output.Value, hidden, logits);
        return logits;
    }

    private double[][] Embed(ForwardInput input)
    {
        var x = Array.ConvertAll(input.Ids, Embed);
        for (var slot = 0; slot < input.Slots.Count; slot++)
            x[input.Slots[slot]] = Wide(input.SlotEmbeddings[slot]);
        return x;
    }

    private double[] Embed(int id)
    {
        var row = new float[config.Hidden];
        backbone.ReadRows(BackboneTensor.Embedding, id, row);
        return Wide(row);
    }

    private double[][] Attention(double[][] x, int layer, ForwardInput input, LoraCorrection? correction)
    {
        var q = Linear(x, layer, LoraTarget.Q, correction);                                // [T][n d]
        var k = Linear(x, layer, LoraTarget.K, correction);                                // [T][g d]
        var v = Linear(x, layer, LoraTarget.V, correction);                                // [T][g d]
        NormHeads(q, layer, LoraTarget.Q);
        NormHeads(k, layer, LoraTarget.K);
        for (var t = 0; t < x.Length; t++)
        {
            Rotate(q[t], input.Positions[t]);
            Rotate(k[t], input.Positions[t]);
        }
        var mixed = new double[x.Length][];                                                 // [T][n d]
        for (var t = 0; t < x.Length; t++)
            mixed[t] = Mix(q[t], k, v, t, input.Attends);
        return Linear(mixed, layer, LoraTarget.O, correction);
    }

    // softmax(q k / sqrt(d)) v for each head; n / g query heads share one key-value head.
    private double[] Mix(double[] q, double[][] k, double[][] v, int query, Func<int, int, bool> attends)
    {
        int d = config.HeadSize, group = config.Heads / config.KvHeads;
        var keys = Enumerable.Range(0, query + 1).Where(key => attends(query, key)).ToArray();
        var mixed = new double[config.QueryWidth];
        var weights = new double[keys.Length];
        for (var head = 0; head < config.Heads; head++)
        {
            var shared = head / group * d;
            for (var i = 0; i < keys.Length; i++)
                weights[i] = TensorPrimitives.Dot<double>(q.AsSpan(head * d, d), k[keys[i]].AsSpan(shared, d)) / Math.Sqrt(d);
            Softmax.InPlace<double>(weights);
            for (var i = 0; i < keys.Length; i++)
                Matrix.AddScaled<double>(v[keys[i]].AsSpan(shared, d), weights[i], mixed.AsSpan(head * d, d));
        }
        return mixed;
    }

    // (a, b) -> (a cos - b sin, b cos + a sin) over the two halves of each head.
    private void Rotate(double[] heads, int position)
    {
        var half = config.HeadSize / 2;
        for (var at = 0; at < heads.Length; at += config.HeadSize)
            for (var i = 0; i < half; i++)
            {
                double a = heads[at + i], b = heads[at + half + i], c = cos[position * half + i], s = sin[position * half + i];
                (heads[at + i], heads[at + half + i]) = (a * c - b * s, b * c + a * s);
            }
    }

    // down(silu(gate x) * up x)
    private double[][] FeedForward(double[][] x, int layer, LoraCorrection? correction)
    {
        var gate = Linear(x, layer, LoraTarget.Gate, correction);                          // [T][F]
        var up = Linear(x, layer, LoraTarget.Up, correction);                              // [T][F]
        for (var t = 0; t < x.Length; t++)
            for (var i = 0; i < config.FeedForward; i++)
                gate[t][i] *= up[t][i] / (1 + Math.Exp(-gate[t][i]));
        return Linear(gate, layer, LoraTarget.Down, correction);
    }

    // RMS norm of each head: head / rms(head) * weight.
    private void NormHeads(double[][] rows, int layer, LoraTarget target)
    {
        if (backbone.HeadNorm(layer, target) is not { } norm)
            return;
        var weight = Wide(norm.Values);                                                     // [d]
        foreach (var row in rows)
            for (var at = 0; at < row.Length; at += config.HeadSize)
                Norm(row.AsSpan(at, config.HeadSize), weight, row.AsSpan(at, config.HeadSize));
    }

    // y = W x (+ bias) + B diag(scale) A x, scale = (alpha / r) K w repeated r/K times.
    private double[][] Linear(double[][] x, int layer, LoraTarget target, LoraCorrection? correction)
    {
        var weight = Weight(layer, target);
        var bias = backbone.Bias(layer, target) is { } shift ? Wide(shift.Values) : null;
        LoraPair? pair = null;
        correction?.Lora.Pairs.TryGetValue(new LoraSite(layer, target), out pair);
        return Array.ConvertAll(x, row =>
        {
            var y = new double[config.OutputWidth(target)];
            Matrix.Multiply<double>(weight, row, y);
            if (bias is not null)
                TensorPrimitives.Add<double>(y, bias, y);
            if (pair is not null)
                TensorPrimitives.Add<double>(y, Correct(pair, row, Wide(correction!.RankScale), y.Length), y);
            return y;
        });
    }

    private static double[] Correct(LoraPair pair, double[] x, double[] scale, int outputs)
    {
        var inner = new double[scale.Length];                                               // [r]
        Matrix.Multiply<double>(Wide(pair.A), x, inner);
        TensorPrimitives.Multiply<double>(inner, scale, inner);
        var y = new double[outputs];
        Matrix.Multiply<double>(Wide(pair.B), inner, y);
        return y;
    }

    private double[] Weight(int layer, LoraTarget target)
    {
        if (!linears.TryGetValue((layer, target), out var weight))
            linears[(layer, target)] = weight = Wide(backbone.Linear(layer, target).Values);
        return weight;
    }

    private static double[] Wide(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        TensorPrimitives.ConvertTruncating(values, wide);
        return wide;
    }

    // x / rms(x) * weight
    private double[][] Norm(double[][] x, double[] weight) => Array.ConvertAll(x, row =>
    {
        var y = new double[row.Length];
        Norm(row, weight, y);
        return y;
    });

    private void Norm(ReadOnlySpan<double> x, ReadOnlySpan<double> weight, Span<double> y)
    {
        var scale = 1 / Math.Sqrt(TensorPrimitives.SumOfSquares(x) / x.Length + config.NormEpsilon);
        TensorPrimitives.Multiply(x, scale, y);
        TensorPrimitives.Multiply(y, weight, y);
    }

    private static double[][] Add(double[][] a, double[][] b) => [.. a.Zip(b, (left, right) =>
    {
        var sum = new double[left.Length];
        TensorPrimitives.Add<double>(left, right, sum);
        return sum;
    })];
}
