using System.ComponentModel.DataAnnotations;

namespace ILoRA.Streaming.Training.Online;

/// <summary>Hyperparameters of the online trainer. The defaults are those of the trials in docs/quality/online.md.</summary>
public sealed record OnlineTrainerOptions
{
    /// <summary>Learning rate of the encoder, which learns from every event.</summary>
    [Range(0, 1)] public double EncoderRate { get; init; } = 3e-3;

    /// <summary>
    /// Weight of predicting each item of the history in the encoder's loss; the new click has weight 1. With an encoder of ten positions
    /// each click is trained on about ten times.
    /// </summary>
    [Range(0, 1)] public double HistoryWeight { get; init; } = 0.5;

    /// <summary>
    /// The encoder row of a new item is initialised by the mean over this many items with the most similar titles; 0 initialises it at
    /// random.
    /// </summary>
    [Range(0, 1000)] public int SimilarTitles { get; init; } = 5;

    /// <summary>The maximum number of neighbours of an item in a version: those with the highest co-occurrence counts.</summary>
    [Range(0, 10_000)] public int Neighbours { get; init; } = 64;

    /// <summary>
    /// Learning rate of the score head's maps. Since title similarity and co-occurrence are separate terms, a higher rate made the language
    /// model's term lower the hit rate.
    /// </summary>
    [Range(0, 1)] public double HeadRate { get; init; } = 5e-5;

    /// <summary>Learning rate of the weights of the score's terms.</summary>
    [Range(0, 1)] public double ScalarRate { get; init; } = 1e-3;

    /// <summary>Learning rate of gate, experts and projector; about a tenth of the offline fit's.</summary>
    [Range(0, 1)] public double AdapterRate { get; init; } = 7e-5;

    /// <summary>
    /// Strength of the proximal term that pulls gate and experts towards the last release: a step moves them by rate x pull of the
    /// distance.
    /// </summary>
    [Range(0, 10000)] public double Pull { get; init; } = 50;

    /// <summary>Events in one mini-batch.</summary>
    [Range(1, 4096)] public int Batch { get; init; } = 32;

    /// <summary>The maximum gradient norm of a parameter group; larger gradients are clipped.</summary>
    [Range(0.001, 1000)] public double Clip { get; init; } = 1;

    /// <summary>
    /// The share of a mini-batch that also goes through the language model. With a tiny model and the head scorer this costs 7 to 12 ms per
    /// event; the encoder costs 0.3 ms. The title scorer reads twenty titles per event and costs many times more.
    /// </summary>
    [Range(0, 1)] public double LanguageModelShare { get; init; } = 0.25;

    /// <summary>
    /// The number of candidates that a training prompt of the title scorer names; should equal <c>Inference:TitleCandidates</c>, the number
    /// in serving.
    /// </summary>
    [Range(2, 1000)] public int TitleCandidates { get; init; } = 20;

    /// <summary>
    /// The number of upper layers whose LoRA factors are trained; null is all. The layers below need no backward pass and take little more
    /// than half the time.
    /// </summary>
    [Range(1, 1000)] public int? TrainedLayers { get; init; }

    /// <summary>Replayed samples per new sample in a step of the language model.</summary>
    [Range(0, 16)] public double Replay { get; init; } = 0.5;

    /// <summary>Capacity of the replay buffer's most recent samples.</summary>
    [Range(1, 1_000_000)] public int ReplayRecent { get; init; } = 2000;

    /// <summary>Capacity of the replay buffer's reservoir of older samples.</summary>
    [Range(1, 1_000_000)] public int ReplayReservoir { get; init; } = 2000;

    /// <summary>Half-life of a click in the recent popularity, in clicks.</summary>
    [Range(1, 1e9)] public double PopularityHalfLife { get; init; } = 5000;

    /// <summary>Seed of all that is drawn at random.</summary>
    public int Seed { get; init; } = 1;
}
