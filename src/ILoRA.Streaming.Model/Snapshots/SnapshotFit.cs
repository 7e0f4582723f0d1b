using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>Checks that a snapshot belongs to a backbone: the hash of the model that it was trained on, and all shapes.</summary>
public static class SnapshotFit
{
    /// <summary>Throws where the snapshot does not belong to the backbone.</summary>
    /// <exception cref="InvalidDataException">The message names the difference.</exception>
    public static void Require(Snapshot snapshot, Backbone backbone)
    {
        var config = backbone.Config;
        if (snapshot.Backbone != backbone.Hash)
            throw new InvalidDataException(
                $"The snapshot was trained on the backbone {snapshot.Backbone}, loaded is {backbone.Hash}; retrain or load that backbone.");
        Same("projector width", snapshot.Projector.Width, snapshot.Encoder.Width);
        Same("projector output", snapshot.Projector.Hidden, config.Hidden);
        Same("gate width", snapshot.Gate.Width, snapshot.Encoder.Width);
        Same("head input", snapshot.Head.Hidden, config.Hidden);
        Same("head item width", snapshot.Head.Width, snapshot.Encoder.FeatureWidth);
        Same("encoder rows", snapshot.Items.Ids.Count, snapshot.Encoder.Items);
        Same("neighbour rows", snapshot.Neighbours.Count, snapshot.Encoder.Items);
        for (var layer = 0; layer < config.Layers; layer++)
            foreach (var target in snapshot.Shape.Targets)
                RequirePair(snapshot.Lora, new LoraSite(layer, target), config);
    }

    private static void RequirePair(LoraWeights lora, LoraSite site, BackboneConfig config)
    {
        if (!lora.Pairs.TryGetValue(site, out var pair))
            throw new InvalidDataException(
                $"The snapshot has no LoRA pair for layer {site.Layer} {LoraTargets.ShortName(site.Target)}, the backbone "
                    + $"has {config.Layers} layers; retrain or roll back.");
        Same($"layer {site.Layer} {LoraTargets.ShortName(site.Target)} A", pair.A.Length, lora.Shape.Rank * config.InputWidth(site.Target));
        Same($"layer {site.Layer} {LoraTargets.ShortName(site.Target)} B", pair.B.Length,
            lora.Shape.Rank * config.OutputWidth(site.Target));
    }

    private static void Same(string what, int got, int want)
    {
        if (got != want)
            throw new InvalidDataException($"The snapshot's {what} is {got}, the backbone expects {want}; retrain or roll back.");
    }
}
