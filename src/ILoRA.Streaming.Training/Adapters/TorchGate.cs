using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Adapters;

/// <summary>The gate as a parameter; none where it is uniform.</summary>
public sealed class TorchGate : IDisposable
{
    private readonly Gate source;
    private readonly AdapterShape shape;
    private readonly Device device;

    public TorchGate(Gate gate, AdapterShape shape, Device device)
    {
        source = gate;
        this.shape = shape;
        this.device = device;
        Weight = gate.IsUniform ? null : gate.Weight.KeepParameter(device, gate.Experts, gate.Width);
    }

    /// <summary>[K, d], or null.</summary>
    public Parameter? Weight { get; }

    /// <param name="z">[B, d]</param>
    /// <returns>[B, K], rows on the simplex.</returns>
    public Tensor Weights(Tensor z) => Weight is null
        ? ones(z.shape[0], shape.Experts, device: device).Times(1.0 / shape.Experts)
        : nn.functional.softmax(nn.functional.linear(z, Weight), -1);

    /// <param name="weights">[B, K]</param>
    /// <returns>[B, 1, r], as <see cref="AdapterShape.RankScale"/>.</returns>
    public Tensor RankScale(Tensor weights) =>
        weights.Times(shape.Scale * shape.Experts).repeat_interleave(shape.Rank / shape.Experts, 1).unsqueeze(1);

    public Gate Export() => Weight is null ? source : source with { Weight = Weight.Values() };

    public void Dispose() => Weight?.Dispose();
}
