using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Inference.Graphs;

/// <summary>
/// The part of an adapter's shape that is fixed in a graph. Experts and alpha are folded into the rank scale, so versions can differ in
/// them.
/// </summary>
/// <param name="Rank">r</param>
/// <param name="Targets">The adapted linear layers.</param>
public sealed record GraphShape(int Rank, IReadOnlyList<LoraTarget> Targets)
{
    public static GraphShape Of(AdapterShape adapter) => new(adapter.Rank, adapter.Targets);

    /// <summary>Whether a graph of this shape can serve the adapter.</summary>
    public bool Fits(AdapterShape adapter) => Of(adapter) == this;

    /// <summary>All adapted linear layers, in the order of the forward pass.</summary>
    public IEnumerable<LoraSite> Sites(BackboneConfig config) =>
        Enumerable.Range(0, config.Layers).SelectMany(layer => Targets.Select(target => new LoraSite(layer, target)));

    public bool Equals(GraphShape? other) => other is not null && Rank == other.Rank && Targets.SequenceEqual(other.Targets);

    public override int GetHashCode() => HashCode.Combine(Rank, Targets.Count);

    public override string ToString() => $"rank {Rank} on {string.Join(' ', Targets)}";
}
