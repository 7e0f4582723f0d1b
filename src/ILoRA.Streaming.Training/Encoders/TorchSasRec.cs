using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Encoders;

/// <summary>
/// SASRec (Kang and McAuley, arXiv 1808.09781) on LibTorch, with item tables that can grow: <see cref="Capacity"/> rows are allocated, of
/// which
/// <see cref="Items"/> are in use. The padding row of the stored table does not influence any output, because padded positions are masked;
/// it is only kept for <see cref="Export"/>.
/// </summary>
public sealed class TorchSasRec : IDisposable
{
    private readonly Dictionary<string, Parameter> parameters = new(StringComparer.Ordinal);
    private readonly float[] pad;
    private readonly Device device;

    public TorchSasRec(SasRec source, Device device)
    {
        this.device = device;
        (Width, Positions, Items) = (source.Width, source.Positions, source.Items);
        pad = source.Tensors[SasRec.InputTable][^Width..];
        foreach (var (name, values) in source.Tensors)
        {
            parameters[name] = name switch
            {
                SasRec.InputTable => values[..(Items * Width)].KeepParameter(device, Items, Width),
                SasRec.OutputTable => values.KeepParameter(device, Items, Width),
                SasRec.OutputBias => values.KeepParameter(device, Items),
                _ => values.KeepParameter(device, Shape(name, values.Length)),
            };
        }
        Capacity = Items;
    }

    public int Width { get; }
    public int Positions { get; }
    public int Items { get; private set; }
    public int Capacity { get; private set; }

    /// <summary>[N, d], the input embeddings of the items.</summary>
    public Tensor ItemRows => parameters[SasRec.InputTable].narrow(0, 0, Items);

    /// <summary>[N, 2 d + 1], the items' input rows, output rows and biases (see <see cref="SasRec.ItemFeatures"/>).</summary>
    public Tensor ItemFeatures() =>
        cat([ItemRows, parameters[SasRec.OutputTable].narrow(0, 0, Items), parameters[SasRec.OutputBias].narrow(0, 0, Items).unsqueeze(1)],
            1);

    public IEnumerable<(string Name, Parameter Value)> Parameters() =>
        parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value));

    /// <summary>Encodes every prefix of the histories.</summary>
    /// <param name="rows">[B, L], item rows, right-padded with any valid row; L is at most <see cref="Positions"/>.</param>
    /// <param name="dropout">The dropout probability, for the input and the feed-forward layer.</param>
    /// <returns>[B, L, d], the sequence vector of the prefix up to each position; the values at padded positions are undefined.</returns>
    public Tensor Encode(Tensor rows, double dropout = 0)
    {
        using var scope = NewDisposeScope();
        var length = rows.shape[1];
        var x = parameters[SasRec.InputTable].index_select(0, rows.flatten()).view(rows.shape[0], length, Width);
        var s = Drop(x.Plus(parameters["positional_embeddings.weight"].narrow(0, 0, length)), dropout);
        var query = Norm(s, "ln_1");
        var (q, k, v) = (Linear(query, "mh_attn.linear_q"), Linear(s, "mh_attn.linear_k"), Linear(s, "mh_attn.linear_v"));
        var scores = q.matmul(k.transpose(1, 2)).Times(1 / Math.Sqrt(Width));                                // [B, L, L]
        var future = ones(length, length, ScalarType.Bool, device).triu(1);
        var mixed = scores.MaskOut(future).softmax(-1).matmul(v).Plus(query);
        var y = Norm(mixed, "ln_2");
        var wide = nn.functional.relu(Linear(y, "feed_forward.w_1"));
        var f = Norm(Drop(Linear(wide, "feed_forward.w_2"), dropout).Plus(y), "feed_forward.layer_norm");
        return Norm(f, "ln_3").MoveToOuterDisposeScope();
    }

    /// <summary>Encodes whole histories.</summary>
    /// <param name="rows">As for <see cref="Encode"/>.</param>
    /// <param name="last">[B], the last position of each history that is not padding.</param>
    /// <returns>z [B, d], the sequence vectors.</returns>
    public Tensor SequenceVectors(Tensor rows, Tensor last)
    {
        using var scope = NewDisposeScope();
        var index = last.view(-1, 1, 1).expand(last.shape[0], 1, Width);
        return Encode(rows).gather(1, index).squeeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>The logits of all items.</summary>
    /// <param name="z">[..., d], sequence vectors.</param>
    /// <param name="tied">Whether the input rows are also used as output rows, as in a fit with tied embeddings.</param>
    /// <returns>[..., N]</returns>
    public Tensor Logits(Tensor z, bool tied = false) =>
        nn.functional.linear(z, tied ? ItemRows : parameters[SasRec.OutputTable].narrow(0, 0, Items),
            parameters[SasRec.OutputBias].narrow(0, 0, Items));

    /// <summary>Appends item rows. Where the capacity is exceeded, it doubles, which replaces the tables' parameters.</summary>
    /// <param name="count">The number of rows to append.</param>
    /// <param name="random">Draws the new input rows; output rows start at zero, biases at the mean of the table.</param>
    /// <returns>The replaced parameters, whose optimiser state must be moved to the new ones.</returns>
    public IReadOnlyList<Replaced> Append(int count, Random random)
    {
        var replaced = Items + count > Capacity ? Grow(Math.Max(Items + count, 2 * Capacity)) : [];
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var deviation = Items == 0 ? 0.02f : ItemRows.std().item<float>();
        parameters[SasRec.InputTable].narrow(0, Items, count)
            .copy_(tensor(RandomValues.Normal(random, count * Width, deviation), [count, Width]));
        if (Items > 0)
            parameters[SasRec.OutputBias].narrow(0, Items, count).copy_(parameters[SasRec.OutputBias].narrow(0, 0, Items).mean());
        Items += count;
        return replaced;
    }

    /// <summary>Sets an item's input row, output row and bias to a weighted mean of those of other items.</summary>
    /// <param name="row">The row to set.</param>
    /// <param name="others">[S], the rows to average.</param>
    /// <param name="weights">[S], the weights; they sum to 1.</param>
    public void SetToMean(int row, Tensor others, Tensor weights)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var name in new[] { SasRec.InputTable, SasRec.OutputTable, SasRec.OutputBias })
        {
            var near = parameters[name].index_select(0, others);
            parameters[name][row].copy_(near.t().matmul(weights));
        }
    }

    public SasRec Export() => new(Width, Positions, Items, parameters.ToDictionary(pair => pair.Key, pair => pair.Key switch
    {
        SasRec.InputTable => [.. ItemRows.Values(), .. pad],
        SasRec.OutputTable or SasRec.OutputBias => pair.Value.narrow(0, 0, Items).Values(),
        _ => pair.Value.Values(),
    }, StringComparer.Ordinal));

    private List<Replaced> Grow(int capacity)
    {
        var replaced = new List<Replaced>();
        foreach (var name in new[] { SasRec.InputTable, SasRec.OutputTable, SasRec.OutputBias })
        {
            var old = parameters[name];
            long[] shape = [capacity, .. old.shape[1..]];
            var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
            old.Values().CopyTo(values, 0);
            parameters[name] = values.KeepParameter(device, shape);
            replaced.Add(new(name, old, parameters[name]));
        }
        Capacity = capacity;
        return replaced;
    }

    private Tensor Linear(Tensor x, string name) => nn.functional.linear(x, parameters[$"{name}.weight"], parameters[$"{name}.bias"]);

    private Tensor Norm(Tensor x, string name) =>
        nn.functional.layer_norm(x, [Width], parameters[$"{name}.weight"], parameters[$"{name}.bias"], 1e-5);

    private static Tensor Drop(Tensor x, double probability) => probability == 0 ? x : nn.functional.dropout(x, probability);

    private long[] Shape(string name, int count) =>
        name.EndsWith(".bias", StringComparison.Ordinal) || name.StartsWith("ln_", StringComparison.Ordinal)
            || name.Contains("layer_norm", StringComparison.Ordinal)
        ? [count] : [count / Width, Width];

    public void Dispose()
    {
        foreach (var parameter in parameters.Values)
            parameter.Dispose();
    }

    /// <summary>A parameter that was replaced by one with more rows.</summary>
    public sealed record Replaced(string Name, Parameter Old, Parameter New);
}
