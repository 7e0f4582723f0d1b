using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>How many numbers each part of a snapshot holds, and what that is of its backbone.</summary>
/// <param name="Backbone">The frozen language model's; a tied output counts once.</param>
/// <param name="Lora">A and B of all adapted layers.</param>
/// <param name="Gate">K d; with a hidden layer d d + d more; 0 for a uniform one.</param>
/// <param name="Projector">Of item rows into the prompt.</param>
/// <param name="Head">Of the score head, outside of the language model.</param>
/// <param name="Encoder">Of the sequence encoder, outside of the language model; it grows with the catalogue.</param>
public sealed record ParameterAccount(long Backbone, long Lora, long Gate, long Projector, long Head, long Encoder)
{
    /// <summary>What iLoRA adds to the language model (LoRA, gate and projector).</summary>
    public long Added => Lora + Gate + Projector;

    /// <summary>The same as a part of the backbone's.</summary>
    public double AddedShare => (double)Added / Backbone;

    public static ParameterAccount Of(Snapshot snapshot, BackboneConfig backbone) => new(
        BackboneTensor.All(backbone).Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size)),
        snapshot.Lora.Pairs.Values.Sum(pair => (long)pair.A.Length + pair.B.Length),
        GateTensors.Write(snapshot.Gate).Sum(tensor => (long)tensor.Values.Length),
        ProjectorTensors.Write(snapshot.Projector).Sum(tensor => (long)tensor.Values.Length),
        HeadTensors.Write(snapshot.Head).Sum(tensor => (long)tensor.Values.Length),
        snapshot.Encoder.ToTensors().Sum(tensor => (long)tensor.Values.Length));
}
