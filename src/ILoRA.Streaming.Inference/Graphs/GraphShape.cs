using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Inference.Graphs;

/// <summary>What of an adapter's shape the graph is built for. Experts and alpha are folded into the rank scale, so versions may differ in them.</summary>
/// <param name="Rank">r</param>
/// <param name="Targets">The adapted linear layers.</param>
public sealed record GraphShape(int Rank, IReadOnlyList<LoraTarget> Targets)
{
    public static GraphShape Of(AdapterShape adapter) => new(adapter.Rank, adapter.Targets);

    public bool Fits(AdapterShape adapter) => Of(adapter) == this;

    /// <summary>Every adapted layer, in the order of the forward pass.</summary>
    public IEnumerable<LoraSite> Sites(BackboneConfig config) =>
        Enumerable.Range(0, config.Layers).SelectMany(layer => Targets.Select(target => new LoraSite(layer, target)));

    public bool Equals(GraphShape? other) => other is not null && Rank == other.Rank && Targets.SequenceEqual(other.Targets);

    public override int GetHashCode() => HashCode.Combine(Rank, Targets.Count);

    public override string ToString() => $"rank {Rank} on {string.Join(' ', Targets)}";
}
