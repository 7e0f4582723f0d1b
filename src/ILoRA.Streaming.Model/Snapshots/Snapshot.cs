using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>
/// One version of everything learned, as one immutable value: what the trainer publishes and an inference worker serves. The parts are
/// stored apart by content (see SnapshotParts), so a version that moved only the gate stores only the gate.
/// </summary>
public sealed record Snapshot
{
    /// <summary>The backbone's content hash (sha256 of its configuration and weights) that the adapter was trained on.</summary>
    public required string Backbone { get; init; }
    public required LoraWeights Lora { get; init; }
    public required Gate Gate { get; init; }
    public required Projector Projector { get; init; }
    public required ScoreHead Head { get; init; }
    public required SasRec Encoder { get; init; }
    public required ItemTable Items { get; init; }
    public required ItemNeighbours Neighbours { get; init; }
    public required Scorer Scorer { get; init; }
    public required PromptStyle Prompt { get; init; }

    public AdapterShape Shape => Lora.Shape;
}

/// <summary>How candidates are scored; chosen per adapter line.</summary>
public enum Scorer
{
    /// <summary>Last hidden state against item vectors: one prompt pass ranks the whole catalogue.</summary>
    Head,

    /// <summary>Log-likelihood of each candidate's title after the prompt, packed in one sequence.</summary>
    Title,
}

/// <summary>What the extra token after each title holds.</summary>
public enum PromptStyle
{
    /// <summary>The projected item row (LLaRA).</summary>
    Hybrid,

    /// <summary>A plain placeholder token.</summary>
    Text,
}
