using System.ComponentModel.DataAnnotations;

namespace ILoRA.Streaming.Training.Online;

/// <summary>How the online trainer learns. Its defaults are those of the trials in src/README.md.</summary>
public sealed record OnlineTrainerOptions
{
    /// <summary>Learning rate of the encoder, on every event.</summary>
    [Range(0, 1)] public double EncoderRate { get; init; } = 3e-3;

    /// <summary>Weight in the encoder's loss of predicting each item of the history again, beside the new one (weight 1): a click is learned from ten times while it is in view.</summary>
    [Range(0, 1)] public double HistoryWeight { get; init; } = 0.5;

    /// <summary>The row of an item that the encoder has none for begins as a mean of those of the items with the most similar titles; 0 begins at random.</summary>
    [Range(0, 1000)] public int SimilarTitles { get; init; } = 5;

    /// <summary>The neighbours that a version keeps of each item: those most often clicked with it.</summary>
    [Range(0, 10_000)] public int Neighbours { get; init; } = 64;

    /// <summary>Learning rate of the score head: with titles and neighbours as terms of their own, more than this makes the language model's term cost hits.</summary>
    [Range(0, 1)] public double HeadRate { get; init; } = 5e-5;

    /// <summary>Learning rate of the weights of the score's terms.</summary>
    [Range(0, 1)] public double ScalarRate { get; init; } = 1e-3;

    /// <summary>Learning rate of gate, experts and projector: about a tenth of the offline fit's.</summary>
    [Range(0, 1)] public double AdapterRate { get; init; } = 7e-5;

    /// <summary>Strength of the pull of gate and experts to the last release; a step goes rate x pull of the way back.</summary>
    [Range(0, 10000)] public double Pull { get; init; } = 50;

    /// <summary>Events in one step.</summary>
    [Range(1, 4096)] public int Batch { get; init; } = 32;

    /// <summary>The largest gradient norm of a group.</summary>
    [Range(0.001, 1000)] public double Clip { get; init; } = 1;

    /// <summary>The part of a batch that also goes through the language model: it costs the head scorer 7 to 12 ms an event (a tiny model) against the encoder's 0.3; the title scorer reads twenty titles an event, and costs many times that.</summary>
    [Range(0, 1)] public double LanguageModelShare { get; init; } = 0.25;

    /// <summary>Titles that a prompt names to a line of the title scorer as it learns: as many as <c>Inference:TitleCandidates</c> names to it in serving.</summary>
    [Range(2, 1000)] public int TitleCandidates { get; init; } = 20;

    /// <summary>In how many of the upper layers the adapter learns; null is all. Those below pass forward alone, in little more than half the time.</summary>
    [Range(1, 1000)] public int? TrainedLayers { get; init; }

    /// <summary>Replayed samples for each fresh one in a language-model step.</summary>
    [Range(0, 16)] public double Replay { get; init; } = 0.5;

    /// <summary>The newest samples that are kept for replay.</summary>
    [Range(1, 1_000_000)] public int ReplayRecent { get; init; } = 2000;

    /// <summary>Samples of the whole stream, drawn uniformly, that are kept for replay (reservoir sampling).</summary>
    [Range(1, 1_000_000)] public int ReplayReservoir { get; init; } = 2000;

    /// <summary>Clicks after which a click counts half in the recent popularity.</summary>
    [Range(1, 1e9)] public double PopularityHalfLife { get; init; } = 5000;

    /// <summary>Seed of all that is drawn at random.</summary>
    public int Seed { get; init; } = 1;
}
