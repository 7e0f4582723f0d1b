using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Devices;
using TorchSharp;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Backbones;

/// <summary>
/// A Llama-family decoder on LibTorch. Its weights are plain tensors, not Parameters: frozen, so that an optimiser cannot find them; only
/// the backbone fit makes trainable ones.
/// </summary>
public sealed class TorchBackbone : IDisposable
{
    private readonly IReadOnlyDictionary<string, Tensor> weights;
    private readonly Tensor cos;
    private readonly Tensor sin;
    private readonly ScalarType type;
    private readonly ScalarType wide;

    /// <param name="config">The shape.</param>
    /// <param name="weights">Tensors under Hugging Face's names; owned from here on.</param>
    /// <param name="device">Where they live.</param>
    /// <param name="type">What the decoder computes in; norms are float32 at least, scores float32.</param>
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

    /// <summary>The frozen decoder.</summary>
    /// <param name="source">Weights on the host.</param>
    /// <param name="device">Where to put them.</param>
    /// <param name="type">
    /// Float32; BFloat16 to halve memory and, where the hardware multiplies matrices of it, time (<see cref="BackbonePrecision"/>); Float64 where the numbers themselves are wanted: trained adapters give
    /// attention logits of a hundred and more, where single precision loses the fourth decimal of a title's score.
    /// </param>
    public static TorchBackbone Frozen(Backbone source, Device device, ScalarType type = ScalarType.Float32)
    {
        var weights = BackboneTensor.All(source.Config).ToDictionary(weight => weight.Name, weight => FrozenWeights.Read(source, weight, device, type));
        return new TorchBackbone(source.Config, weights, device, type);
    }

    public BackboneConfig Config { get; }

    public Device Device { get; }

    /// <summary>What the decoder computes in.</summary>
    public string Precision => type.ToString().ToLowerInvariant();

    /// <summary>What the weights take.</summary>
    public long Bytes => weights.Values.Sum(weight => weight.numel() * weight.element_size());

    /// <param name="ids">Token ids, any shape S.</param>
    /// <returns>[S, H] float32</returns>
    public Tensor Embed(Tensor ids) =>
        weights[BackboneTensor.Embedding].index_select(0, ids.flatten()).view([.. ids.shape, Config.Hidden]).to(ScalarType.Float32);

    /// <param name="embeddings">[B, T, H]</param>
    /// <param name="positions">[T], or [B, T] where each row has its own; null counts from 0.</param>
    /// <param name="mask">Additive [T, T], or [B, 1, T, T]; null is causal. Right padding needs none: no real token sees it.</param>
    /// <param name="lora">The correction; null is the backbone alone.</param>
    /// <param name="rankScale">[B, 1, r], <see cref="AdapterShape.RankScale"/> of each row.</param>
    /// <param name="places">Which tokens are wanted; null is all, S = T. The last layer spares the others all but their keys and values.</param>
    /// <param name="frozen">How many of the lowest layers pass no gradient, to what is learned in them or to the embeddings.</param>
    /// <returns>[B, S, H] float32, after the final norm.</returns>
    public Tensor Hidden(Tensor embeddings, Tensor? positions = null, Tensor? mask = null, TorchLora? lora = null, Tensor? rankScale = null, OutputPositions? places = null, int frozen = 0)
    {
        using var scope = NewDisposeScope();
        var length = embeddings.shape[1];
        var at = positions ?? tensor(Enumerable.Range(0, (int)length).Select(t => (long)t).ToArray(), device: Device);
        if (length > 0 && positions is null && length > Config.MaxPositions)
            throw new ArgumentException($"The prompt has {length} tokens, the backbone reads {Config.MaxPositions}; shorten the history.", nameof(embeddings));
        var pass = new Pass(new(Rows(cos, at), Rows(sin, at), mask?.to(type)), lora, rankScale?.to(type));
        var x = embeddings.to(type);
        for (var layer = 0; layer < Config.Layers; layer++)
        {
            using var without = layer < frozen ? no_grad() : null;
            x = layer == Config.Layers - 1 && places is not null ? Block(x, layer, pass, places, Ask(places, at, pass.Asked.Mask)) : Block(x, layer, pass, null, pass.Asked);
        }
        return Norm(x, BackboneTensor.FinalNorm).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <param name="hidden">[..., H]</param>
    /// <returns>[..., V] float32</returns>
    public Tensor Logits(Tensor hidden) =>
        nn.functional.linear(hidden.to(type), weights[Config.Tied ? BackboneTensor.Embedding : BackboneTensor.Output]).to(ScalarType.Float32);

    // What the places wanted see of the prompt: their own positions and rows of the mask.
    private Asked Ask(OutputPositions places, Tensor positions, Tensor? mask)
    {
        var at = positions.dim() == 1 ? positions.index_select(0, places.Rows.flatten()).view(places.Rows.shape) : positions.gather(1, places.Rows);
        mask ??= zeros(places.Length, places.Length, type, Device).MaskOut(ones(places.Length, places.Length, ScalarType.Bool, Device).triu(1));
        var rows = mask.dim() == 2 ? mask.index_select(0, places.Rows.flatten()).view(places.Rows.shape[0], 1, -1, places.Length) : places.Of(mask.squeeze(1)).unsqueeze(1);
        return new(Rows(cos, at), Rows(sin, at), rows);
    }

    private Tensor Block(Tensor x, int layer, Pass pass, OutputPositions? places, Asked asked)
    {
        using var scope = NewDisposeScope();
        var seen = Norm(x, BackboneTensor.InputNorm(layer));
        var asking = places is null ? seen : places.Of(seen);
        var attended = (places is null ? x : places.Of(x)).Plus(Attention(asking, seen, layer, pass, asked));
        var h = Norm(attended, BackboneTensor.PostNorm(layer));
        var gated = nn.functional.silu(Linear(h, layer, LoraTarget.Gate, pass)) * Linear(h, layer, LoraTarget.Up, pass);   // [B, T, F]
        return attended.Plus(Linear(gated, layer, LoraTarget.Down, pass)).MoveToOuterDisposeScope();
    }

    private Tensor Attention(Tensor asking, Tensor seen, int layer, Pass pass, Asked asked)
    {
        var q = Rotate(Heads(asking, layer, LoraTarget.Q, pass), asked);                       // [B, heads, S, s]
        var k = Rotate(Heads(seen, layer, LoraTarget.K, pass), pass.Asked);                    // [B, kv, T, s]
        var v = Split(Linear(seen, layer, LoraTarget.V, pass), Config.KvHeads);
        var group = Config.Heads / Config.KvHeads;
        if (group > 1)
            (k, v) = (k.repeat_interleave(group, 1), v.repeat_interleave(group, 1));
        var mixed = nn.functional.scaled_dot_product_attention(q, k, v, asked.Mask, 0, asked.Mask is null);
        return Linear(mixed.transpose(1, 2).reshape(asking.shape[0], asking.shape[1], Config.QueryWidth), layer, LoraTarget.O, pass);
    }

    private Tensor Heads(Tensor h, int layer, LoraTarget target, Pass pass)
    {
        var heads = Split(Linear(h, layer, target, pass), target == LoraTarget.Q ? Config.Heads : Config.KvHeads);
        return Config.HasHeadNorm(target) ? Norm(heads, BackboneTensor.HeadNorm(layer, target)) : heads;
    }

    private Tensor Split(Tensor x, int heads) => x.view(x.shape[0], x.shape[1], heads, Config.HeadSize).transpose(1, 2);

    /// <summary>Rotates the two halves of each head against each other, as Hugging Face lays them out.</summary>
    private static Tensor Rotate(Tensor x, Asked at)
    {
        var halves = x.chunk(2, -1);
        return cat([(halves[0] * at.Cos).Minus(halves[1] * at.Sin), (halves[1] * at.Cos).Plus(halves[0] * at.Sin)], -1);
    }

    private Tensor Linear(Tensor x, int layer, LoraTarget target, Pass pass)
    {
        var y = nn.functional.linear(x, weights[BackboneTensor.Linear(layer, target)], weights.GetValueOrDefault(BackboneTensor.Bias(layer, target)));
        var correction = pass.Lora?.Correction(x, new LoraSite(layer, target), pass.RankScale!);
        return correction is null ? y : y.Plus(correction);
    }

    private Tensor Norm(Tensor x, string weight)
    {
        var exact = x.to(wide);
        var scaled = exact * rsqrt(exact.Squared().mean([-1], true).Plus(Config.NormEpsilon));
        return scaled.to(type) * weights[weight];
    }

    // [T, s / 2] or [B, 1, T, s / 2]: heads share it.
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

    /// <summary>What one forward pass carries through its layers.</summary>
    private sealed record Pass(Asked Asked, TorchLora? Lora, Tensor? RankScale);

    /// <summary>Where the tokens that attend stand, and what they see; no mask is causal.</summary>
    private sealed record Asked(Tensor Cos, Tensor Sin, Tensor? Mask);
}
