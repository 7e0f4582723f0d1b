using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Adapters;

/// <summary>The gate over LoRA experts with trainable parameters; a uniform gate has none.</summary>
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
        hidden = gate.Hidden is { } layer
            ? (layer.Weight.KeepParameter(device, gate.Width, gate.Width), layer.Bias.KeepParameter(device, gate.Width)) : null;
    }

    /// <summary>The trainable parameters, by their names in stored files.</summary>
    public IEnumerable<(string Name, Parameter Value)> Parameters()
    {
        if (weight is not null)
            yield return (GateTensors.Weight, weight);
        if (hidden is not var (inner, bias))
            yield break;
        yield return (GateTensors.HiddenWeight, inner);
        yield return (GateTensors.HiddenBias, bias);
    }

    /// <summary>The experts' weights (formula at <see cref="Gate"/>).</summary>
    /// <param name="z">[B, d], sequence vectors.</param>
    /// <returns>[B, K]; each row is non-negative and sums to 1.</returns>
    public Tensor Weights(Tensor z)
    {
        if (weight is null)
            return ones(z.shape[0], shape.Experts, device: device).Times(1.0 / shape.Experts);
        var read = hidden is var (inner, bias) ? nn.functional.relu(nn.functional.linear(z, inner, bias)) : z;      // [B, d]
        return nn.functional.softmax(nn.functional.linear(read, weight), -1);
    }

    /// <summary>The factor of each rank dimension (formula at <see cref="AdapterShape.RankScale"/>).</summary>
    /// <param name="weights">[B, K], the experts' weights.</param>
    /// <returns>[B, 1, r]</returns>
    public Tensor RankScale(Tensor weights) =>
        weights.Times(shape.Scale * shape.Experts).repeat_interleave(shape.Rank / shape.Experts, 1).unsqueeze(1);

    public Gate Export() => weight is null ? source : source with
    {
        Weight = weight.Values(),
        Hidden = hidden is var (inner, bias) ? new(inner.Values(), bias.Values()) : null,
    };

    /// <summary>
    /// Initialises a gate whose weights are close to 1/K but differ between sequences. The norm of z is about sqrt(d) after its layer norm,
    /// so with W ~ N(0, 0.02^2) the logits have a standard deviation of 0.02 sqrt(d). With W1 Kaiming-normal, N(0, 2 / d), and b1 = 0 the
    /// hidden layer has about the same norm as z, so the same W fits both kinds.
    /// </summary>
    /// <param name="kind">The kind of gate.</param>
    /// <param name="experts">K, the number of experts.</param>
    /// <param name="width">d, the width of the sequence vector.</param>
    /// <param name="random">The generator; not used for a uniform gate.</param>
    public static Gate Initial(GateKind kind, int experts, int width, Random random)
    {
        if (kind == GateKind.Uniform)
            return Gate.Uniform(experts, width);
        var weight = RandomValues.Normal(random, experts * width, 0.02f);
        return new(experts, width, weight,
            kind == GateKind.Mlp ? new(RandomValues.Normal(random, width * width, MathF.Sqrt(2f / width)), new float[width]) : null);
    }

    public void Dispose()
    {
        foreach (var (_, parameter) in Parameters())
            parameter.Dispose();
    }
}
