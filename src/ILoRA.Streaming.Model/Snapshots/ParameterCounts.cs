using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>The number of parameters in each part of a snapshot and in its backbone.</summary>
/// <param name="Backbone">The frozen language model; tied weights count once.</param>
/// <param name="Lora">A and B of all adapted layers.</param>
/// <param name="Gate">K d; with a hidden layer d d + d more; 0 for a uniform gate.</param>
/// <param name="Projector">The projector of item rows.</param>
/// <param name="Head">The score head.</param>
/// <param name="Encoder">The sequence encoder; it grows with the catalogue.</param>
public sealed record ParameterCounts(long Backbone, long Lora, long Gate, long Projector, long Head, long Encoder)
{
    /// <summary>The number of parameters that iLoRA adds to the language model: LoRA, gate and projector.</summary>
    public long Added => Lora + Gate + Projector;

    /// <summary><see cref="Added"/> divided by <see cref="Backbone"/>.</summary>
    public double AddedShare => (double)Added / Backbone;

    /// <summary>Counts the parameters of a snapshot.</summary>
    public static ParameterCounts Of(Snapshot snapshot, BackboneConfig backbone) => new(
        BackboneTensor.All(backbone).Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size)),
        snapshot.Lora.Pairs.Values.Sum(pair => (long)pair.A.Length + pair.B.Length),
        GateTensors.Write(snapshot.Gate).Sum(tensor => (long)tensor.Values.Length),
        ProjectorTensors.Write(snapshot.Projector).Sum(tensor => (long)tensor.Values.Length),
        HeadTensors.Write(snapshot.Head).Sum(tensor => (long)tensor.Values.Length),
        snapshot.Encoder.ToTensors().Sum(tensor => (long)tensor.Values.Length));
}
