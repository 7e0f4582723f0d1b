using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>
/// One version of all learned parameters, immutable: the trainer publishes it and inference workers serve it. Its parts are stored
/// separately by content (<see cref="SnapshotParts"/>), so a version in which only the gate changed adds only a new gate to the storage.
/// </summary>
public sealed record Snapshot
{
    /// <summary>The content hash of the backbone that the adapter was trained on (<see cref="Loading.Backbone.Hash"/>).</summary>
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

/// <summary>The method by which candidates are scored; all versions of an adapter line use the same.</summary>
public enum Scorer
{
    /// <summary>The last hidden state of the prompt times item vectors: one forward pass ranks the whole catalogue.</summary>
    Head,

    /// <summary>The log-likelihood of each candidate's title after the prompt.</summary>
    Title,
}

/// <summary>The embedding of the item token after each title of a prompt.</summary>
public enum PromptStyle
{
    /// <summary>The item's projected encoder row (LLaRA, arXiv 2312.02445).</summary>
    Hybrid,

    /// <summary>The token's own embedding, a placeholder.</summary>
    Text,
}
