using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Adapters;

/// <summary>The gate as parameters; none where it is uniform.</summary>
public sealed class TorchGate : IDisposable
{
    private readonly Gate source;
    private readonly AdapterShape shape;
    private readonly Device device;
    private readonly Parameter? weight;                             // [K, d]
    private readonly (Parameter Weight, Parameter Bias)? hidden;    // [d, d] and [d]

    public TorchGate(Gate gate, AdapterShape shape, Device device)
    {
        source = gate;
        this.shape = shape;
        this.device = device;
        weight = gate.IsUniform ? null : gate.Weight.KeepParameter(device, gate.Experts, gate.Width);
        hidden = gate.Hidden is { } layer ? (layer.Weight.KeepParameter(device, gate.Width, gate.Width), layer.Bias.KeepParameter(device, gate.Width)) : null;
    }

    /// <summary>Parameters by the names that they are stored under.</summary>
    public IEnumerable<(string Name, Parameter Value)> Parameters()
    {
        if (weight is not null)
            yield return (GateTensors.Weight, weight);
        if (hidden is not var (inner, bias))
            yield break;
        yield return (GateTensors.HiddenWeight, inner);
        yield return (GateTensors.HiddenBias, bias);
    }

    /// <param name="z">[B, d]</param>
    /// <returns>[B, K], rows on the simplex; formula at <see cref="Gate"/>.</returns>
    public Tensor Weights(Tensor z)
    {
        if (weight is null)
            return ones(z.shape[0], shape.Experts, device: device).Times(1.0 / shape.Experts);
        var read = hidden is var (inner, bias) ? nn.functional.relu(nn.functional.linear(z, inner, bias)) : z;      // [B, d]
        return nn.functional.softmax(nn.functional.linear(read, weight), -1);
    }

    /// <param name="weights">[B, K]</param>
    /// <returns>[B, 1, r], as <see cref="AdapterShape.RankScale"/>.</returns>
    public Tensor RankScale(Tensor weights) =>
        weights.Times(shape.Scale * shape.Experts).repeat_interleave(shape.Rank / shape.Experts, 1).unsqueeze(1);

    public Gate Export() => weight is null ? source : source with
    {
        Weight = weight.Values(),
        Hidden = hidden is var (inner, bias) ? new(inner.Values(), bias.Values()) : null,
    };

    /// <summary>
    /// A new gate, near 1/K and yet another for each sequence: z has a length of about sqrt d (a layer norm), so logits of W ~ N(0, 0.02^2) deviate by 0.02 sqrt d.
    /// With W1 Kaiming-normal, N(0, 2 / d), and b1 zero the hidden layer is about as long as z, so that W may begin alike.
    /// </summary>
    /// <param name="kind">Which.</param>
    /// <param name="experts">K</param>
    /// <param name="width">d</param>
    /// <param name="random">Not asked for a uniform gate.</param>
    public static Gate Initial(GateKind kind, int experts, int width, Random random)
    {
        if (kind == GateKind.Uniform)
            return Gate.Uniform(experts, width);
        var weight = RandomValues.Normal(random, experts * width, 0.02f);
        return new(experts, width, weight, kind == GateKind.Mlp ? new(RandomValues.Normal(random, width * width, MathF.Sqrt(2f / width)), new float[width]) : null);
    }

    public void Dispose()
    {
        foreach (var (_, parameter) in Parameters())
            parameter.Dispose();
    }
}
