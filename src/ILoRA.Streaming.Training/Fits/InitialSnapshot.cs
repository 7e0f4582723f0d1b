using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>Creates snapshots with a given encoder and an untrained adapter and head.</summary>
public static class InitialSnapshot
{
    /// <summary>Initialises all parts beside the encoder at random; the snapshot has no neighbours.</summary>
    public static Snapshot Of(Backbone backbone, IReadOnlyCollection<string> titles, SasRec encoder, ItemTable items,
        AdapterFitOptions options)
    {
        var random = new SavedRandom((ulong)options.Seed);
        var config = backbone.Config;
        return new()
        {
            Backbone = backbone.Hash,
            Lora = TorchLora.Initial(config, options.Shape, random),
            Gate = TorchGate.Initial(options.Gate, options.Shape.Experts, encoder.Width, random),
            Projector = TorchProjector.Initial(encoder.Width, config.Hidden, random),
            Head = TorchHead.Initial(config.Hidden, encoder.FeatureWidth, Centre(backbone, titles), options.Weights, random),
            Encoder = encoder,
            Items = items,
            Neighbours = ItemNeighbours.None(items.Ids.Count),
            Scorer = options.Scorer,
            Prompt = options.Prompt,
        };
    }

    /// <summary>Counts the co-occurrences of clicks, in the order of events.</summary>
    /// <param name="items">The items that have rows; other items are ignored.</param>
    /// <param name="clicks">User and item of each click.</param>
    /// <param name="most">The maximum number of neighbours of an item.</param>
    public static ItemNeighbours Neighbours(ItemTable items, IEnumerable<(string User, string Item)> clicks, int most)
    {
        var counts = new NeighbourCounts(ItemNeighbours.None(items.Ids.Count), most);
        var fold = new SequenceFold();
        foreach (var sample in clicks.Select(click => fold.Click(click.User, click.Item)).OfType<Sample>())
        {
            if (items.RowOf(sample.Target) is var target and >= 0)
                counts.Click([.. sample.History.Select(items.RowOf).Where(row => row >= 0)], target);
        }
        return counts.Export(items.Ids.Count);
    }

    private static float[] Centre(Backbone backbone, IReadOnlyCollection<string> titles)
    {
        var centre = new float[backbone.Config.Hidden];
        foreach (var title in titles)
            Matrix.AddScaled<float>(TitleVectors.Of(backbone, title), 1f / titles.Count, centre);
        return centre;
    }
}
