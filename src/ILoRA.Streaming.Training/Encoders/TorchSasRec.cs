using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Encoders;

/// <summary>
/// SASRec on LibTorch, with item tables that grow: they are allocated at <see cref="Capacity"/> rows, of which <see cref="Items"/> are in use. The
/// checkpoint's pad row never reaches the result (its position is masked), so it is kept aside.
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

    /// <summary>The item input table in use: [N, d].</summary>
    public Tensor ItemRows => parameters[SasRec.InputTable].narrow(0, 0, Items);

    /// <summary>See <see cref="SasRec.ItemFeatures"/>: [N, 2 d + 1].</summary>
    public Tensor ItemFeatures() => cat([ItemRows, parameters[SasRec.OutputTable].narrow(0, 0, Items), parameters[SasRec.OutputBias].narrow(0, 0, Items).unsqueeze(1)], 1);

    public IEnumerable<(string Name, Parameter Value)> Parameters() => parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value));

    /// <param name="rows">[B, L] item rows, right-padded with any valid row, L at most <see cref="Positions"/>.</param>
    /// <param name="dropout">Applied to the input and the feed-forward layer.</param>
    /// <returns>[B, L, d]: the sequence vector after each position. Padded positions hold nothing of use and no real one sees them.</returns>
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

    /// <param name="rows">As for <see cref="Encode"/>.</param>
    /// <param name="last">[B], the last real position of each row.</param>
    /// <returns>z [B, d]</returns>
    public Tensor SequenceVectors(Tensor rows, Tensor last)
    {
        using var scope = NewDisposeScope();
        var index = last.view(-1, 1, 1).expand(last.shape[0], 1, Width);
        return Encode(rows).gather(1, index).squeeze(1).MoveToOuterDisposeScope();
    }

    /// <param name="z">[..., d]</param>
    /// <param name="tied">By the input rows in the place of the output rows: what a fit learns by that ties the two.</param>
    /// <returns>[..., N]</returns>
    public Tensor Logits(Tensor z, bool tied = false) =>
        nn.functional.linear(z, tied ? ItemRows : parameters[SasRec.OutputTable].narrow(0, 0, Items), parameters[SasRec.OutputBias].narrow(0, 0, Items));

    /// <summary>Appends rows; a table that has no room doubles, which replaces its parameter.</summary>
    /// <param name="count">How many.</param>
    /// <param name="random">For the new input rows; output rows start at zero, biases at the table's mean.</param>
    /// <returns>The replaced parameters, old to new: an optimiser moves its state.</returns>
    public IReadOnlyList<Replaced> Append(int count, Random random)
    {
        var replaced = Items + count > Capacity ? Grow(Math.Max(Items + count, 2 * Capacity)) : [];
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var deviation = Items == 0 ? 0.02f : ItemRows.std().item<float>();
        parameters[SasRec.InputTable].narrow(0, Items, count).copy_(tensor(RandomValues.Normal(random, count * Width, deviation), [count, Width]));
        if (Items > 0)
            parameters[SasRec.OutputBias].narrow(0, Items, count).copy_(parameters[SasRec.OutputBias].narrow(0, 0, Items).mean());
        Items += count;
        return replaced;
    }

    /// <summary>Overwrites an item's input row, output row and bias by a weighted mean of others'.</summary>
    /// <param name="row">The row to set.</param>
    /// <param name="others">[S], rows to take from.</param>
    /// <param name="weights">[S], summing to 1.</param>
    public void SetLike(int row, Tensor others, Tensor weights)
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

    private long[] Shape(string name, int count) => name.EndsWith(".bias", StringComparison.Ordinal) || name.StartsWith("ln_", StringComparison.Ordinal) || name.Contains("layer_norm", StringComparison.Ordinal)
        ? [count] : [count / Width, Width];

    public void Dispose()
    {
        foreach (var parameter in parameters.Values)
            parameter.Dispose();
    }

    /// <summary>A parameter that was replaced by a longer one.</summary>
    public sealed record Replaced(string Name, Parameter Old, Parameter New);
}
