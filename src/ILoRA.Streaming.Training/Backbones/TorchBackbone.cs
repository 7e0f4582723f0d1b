using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Backbones;

/// <summary>
/// A Llama-family decoder on LibTorch. Its weights are plain tensors, so they are frozen; only <c>BackboneFit</c> passes trainable
/// parameters.
/// </summary>
public sealed class TorchBackbone : IDisposable
{
    private readonly IReadOnlyDictionary<string, Tensor> weights;
    private readonly Tensor cos;
    private readonly Tensor sin;
    private readonly ScalarType type;
    private readonly ScalarType wide;

    /// <param name="config">The model's dimensions.</param>
    /// <param name="weights">Tensors by their Hugging Face names; this object disposes of them.</param>
    /// <param name="device">The tensors' device.</param>
    /// <param name="type">The type of the computation; norms use at least float32, results are float32.</param>
    internal TorchBackbone(BackboneConfig config, IReadOnlyDictionary<string, Tensor> weights, Device device, ScalarType type)
    {
        Config = config;
        Device = device;
        this.weights = weights;
        this.type = type;
        wide = type == ScalarType.Float64 ? type : ScalarType.Float32;
        cos = RopeTable.Cos(config).Keep(device, config.MaxPositions, config.HeadSize / 2);
        sin = RopeTable.Sin(config).Keep(device, config.MaxPositions, config.HeadSize / 2);
    }

    /// <summary>Loads a frozen decoder.</summary>
    /// <param name="source">The weights on the host.</param>
    /// <param name="device">The device to load them onto.</param>
    /// <param name="type">
    /// Float32; BFloat16 to halve the memory and, on hardware with bfloat16 matrix units, the time (<see cref="BackbonePrecision"/>);
    /// Float64 for exact comparisons: trained adapters give attention logits above 100, where float32 is exact to three decimals of a
    /// title's score only.
    /// </param>
    public static TorchBackbone Frozen(Backbone source, Device device, ScalarType type = ScalarType.Float32)
    {
        var weights =
            BackboneTensor.All(source.Config)
                .ToDictionary(weight => weight.Name, weight => FrozenWeights.Read(source, weight, device, type));
        return new TorchBackbone(source.Config, weights, device, type);
    }

    public BackboneConfig Config { get; }

    public Device Device { get; }

    /// <summary>The type of the computation, for example <c>float32</c>.</summary>
    public string Precision => type.ToString().ToLowerInvariant();

    /// <summary>The size of the weights in bytes.</summary>
    public long Bytes => weights.Values.Sum(weight => weight.numel() * weight.element_size());

    /// <summary>Looks up token embeddings.</summary>
    /// <param name="ids">[...], token ids of any shape.</param>
    /// <returns>[..., H], float32.</returns>
    public Tensor Embed(Tensor ids) =>
        weights[BackboneTensor.Embedding].index_select(0, ids.flatten()).view([.. ids.shape, Config.Hidden]).to(ScalarType.Float32);

    /// <summary>Runs a forward pass up to the hidden states after the final norm.</summary>
    /// <param name="embeddings">[B, T, H], the input embeddings.</param>
    /// <param name="positions">The tokens' positions, [T], or [B, T] where they differ between prompts; null counts from 0.</param>
    /// <param name="mask">
    /// The additive attention mask, [T, T] or [B, 1, T, T]; null is causal. Right padding needs no mask: no token attends to what follows
    /// it.
    /// </param>
    /// <param name="lora">The LoRA factors; null runs the backbone alone.</param>
    /// <param name="rankScale">[B, 1, r], <see cref="AdapterShape.RankScale"/> of each prompt.</param>
    /// <param name="outputs">
    /// The positions whose hidden states are wanted; null is all, then S = T. For the others the last layer computes only keys and values.
    /// </param>
    /// <param name="frozen">The number of lowest layers through which no gradient is propagated.</param>
    /// <returns>[B, S, H], float32.</returns>
    public Tensor Hidden(Tensor embeddings, Tensor? positions = null, Tensor? mask = null, TorchLora? lora = null, Tensor? rankScale = null,
        OutputPositions? outputs = null, int frozen = 0)
    {
        using var scope = NewDisposeScope();
        var length = embeddings.shape[1];
        var at = positions ?? tensor(Enumerable.Range(0, (int)length).Select(t => (long)t).ToArray(), device: Device);
        if (length > 0 && positions is null && length > Config.MaxPositions)
            throw new ArgumentException($"The prompt has {length} tokens, the backbone reads {Config.MaxPositions}; shorten the history.",
                nameof(embeddings));
        var pass = new Pass(new(Rows(cos, at), Rows(sin, at), mask?.to(type)), lora, rankScale?.to(type));
        var x = embeddings.to(type);
        for (var layer = 0; layer < Config.Layers; layer++)
        {
            using var without = layer < frozen ? no_grad() : null;
            x = layer == Config.Layers - 1 && outputs is not null
                ? Block(x, layer, pass, outputs, QueriesAt(outputs, at, pass.Tokens.Mask)) : Block(x, layer, pass, null, pass.Tokens);
        }
        return Norm(x, BackboneTensor.FinalNorm).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>The logits of the next token.</summary>
    /// <param name="hidden">[..., H], hidden states.</param>
    /// <returns>[..., V], float32.</returns>
    public Tensor Logits(Tensor hidden) =>
        nn.functional.linear(hidden.to(type), weights[Config.Tied ? BackboneTensor.Embedding : BackboneTensor.Output])
            .to(ScalarType.Float32);

    // The rotary positions and rows of the mask of the output positions alone.
    private Queries QueriesAt(OutputPositions outputs, Tensor positions, Tensor? mask)
    {
        var (rows, length) = (outputs.Rows, outputs.Length);
        var at = positions.dim() == 1 ? positions.index_select(0, rows.flatten()).view(rows.shape) : positions.gather(1, rows);
        mask ??= zeros(length, length, type, Device).MaskOut(ones(length, length, ScalarType.Bool, Device).triu(1));
        var masked = mask.dim() == 2
            ? mask.index_select(0, rows.flatten()).view(rows.shape[0], 1, -1, length) : outputs.Of(mask.squeeze(1)).unsqueeze(1);
        return new(Rows(cos, at), Rows(sin, at), masked);
    }

    private Tensor Block(Tensor x, int layer, Pass pass, OutputPositions? outputs, Queries queries)
    {
        using var scope = NewDisposeScope();
        var keyInput = Norm(x, BackboneTensor.InputNorm(layer));
        var queryInput = outputs is null ? keyInput : outputs.Of(keyInput);
        var attended = (outputs is null ? x : outputs.Of(x)).Plus(Attention(queryInput, keyInput, layer, pass, queries));
        var h = Norm(attended, BackboneTensor.PostNorm(layer));
        var gated = nn.functional.silu(Linear(h, layer, LoraTarget.Gate, pass)) * Linear(h, layer, LoraTarget.Up, pass);   // [B, T, F]
        return attended.Plus(Linear(gated, layer, LoraTarget.Down, pass)).MoveToOuterDisposeScope();
    }

    private Tensor Attention(Tensor queryInput, Tensor keyInput, int layer, Pass pass, Queries queries)
    {
        var q = Rotate(Heads(queryInput, layer, LoraTarget.Q, pass), queries);                 // [B, heads, S, s]
        var k = Rotate(Heads(keyInput, layer, LoraTarget.K, pass), pass.Tokens);               // [B, kv, T, s]
        var v = Split(Linear(keyInput, layer, LoraTarget.V, pass), Config.KvHeads);
        var group = Config.Heads / Config.KvHeads;
        if (group > 1)
            (k, v) = (k.repeat_interleave(group, 1), v.repeat_interleave(group, 1));
        var mixed = nn.functional.scaled_dot_product_attention(q, k, v, queries.Mask, 0, queries.Mask is null);
        return Linear(mixed.transpose(1, 2).reshape(queryInput.shape[0], queryInput.shape[1], Config.QueryWidth), layer, LoraTarget.O,
            pass);
    }

    private Tensor Heads(Tensor h, int layer, LoraTarget target, Pass pass)
    {
        var heads = Split(Linear(h, layer, target, pass), target == LoraTarget.Q ? Config.Heads : Config.KvHeads);
        return Config.HasHeadNorm(target) ? Norm(heads, BackboneTensor.HeadNorm(layer, target)) : heads;
    }

    private Tensor Split(Tensor x, int heads) => x.view(x.shape[0], x.shape[1], heads, Config.HeadSize).transpose(1, 2);

    /// <summary>Applies rotary position embeddings in Hugging Face's layout, which pairs the two halves of each head.</summary>
    private static Tensor Rotate(Tensor x, Queries at)
    {
        var halves = x.chunk(2, -1);
        return cat([(halves[0] * at.Cos).Minus(halves[1] * at.Sin), (halves[1] * at.Cos).Plus(halves[0] * at.Sin)], -1);
    }

    private Tensor Linear(Tensor x, int layer, LoraTarget target, Pass pass)
    {
        var y = nn.functional.linear(x, weights[BackboneTensor.Linear(layer, target)],
            weights.GetValueOrDefault(BackboneTensor.Bias(layer, target)));
        var correction = pass.Lora?.Correction(x, new LoraSite(layer, target), pass.RankScale!);
        return correction is null ? y : y.Plus(correction);
    }

    private Tensor Norm(Tensor x, string weight)
    {
        var exact = x.to(wide);
        var scaled = exact * rsqrt(exact.Squared().mean([-1], true).Plus(Config.NormEpsilon));
        return scaled.to(type) * weights[weight];
    }

    // [T, s / 2] or [B, 1, T, s / 2], shared by all heads.
    private Tensor Rows(Tensor table, Tensor positions)
    {
        var rows = table.index_select(0, positions.flatten()).to(type);
        return positions.dim() == 1 ? rows : rows.view(positions.shape[0], 1, positions.shape[1], -1);
    }

    public void Dispose()
    {
        foreach (var weight in weights.Values)
            weight.Dispose();
        cos.Dispose();
        sin.Dispose();
    }

    /// <summary>The inputs of a forward pass that all layers share.</summary>
    private sealed record Pass(Queries Tokens, TorchLora? Lora, Tensor? RankScale);

    /// <summary>The rotary embeddings and the attention mask of the query tokens; null is a causal mask.</summary>
    private sealed record Queries(Tensor Cos, Tensor Sin, Tensor? Mask);
}
