using System.ComponentModel.DataAnnotations;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Weights;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>Settings of the inference worker (section <c>Inference</c>).</summary>
public sealed class InferenceOptions : IValidatableObject
{
    public const string Section = "Inference";

    /// <summary>The consumer group.</summary>
    [Required, MinLength(1)]
    public string Group { get; set; } = "ilora-inference";

    /// <summary>The frozen language model: a Hugging Face folder or a GGUF file.</summary>
    [Required(ErrorMessage = "Inference:Backbone is not set; give the backbone's folder or GGUF file.")]
    public string Backbone { get; set; } = "";

    /// <summary>Only the backbone's first layers; null takes all.</summary>
    [Range(1, 1000)]
    public int? Layers { get; set; }

    /// <summary>Fast (float32); EightBit for less memory at some accuracy; Exact for checks.</summary>
    public GraphPrecision Precision { get; set; } = GraphPrecision.Fast;

    /// <summary>Null takes CUDA in a CUDA build and the CPU otherwise.</summary>
    public Device? Device { get; set; }

    /// <summary>Threads within one run. Several concurrent runs of one thread each give more than one run of several.</summary>
    [Range(1, 256)]
    public int Threads { get; set; } = 1;

    /// <summary>Runs at once.</summary>
    [Range(1, 256)]
    public int Concurrency { get; set; } = 2;

    /// <summary>Length of a recommendation.</summary>
    [Range(1, 1000)]
    public int TopK { get; set; } = 20;

    /// <summary>Length of a shadow line's list.</summary>
    [Range(1, 100)]
    public int ShadowTopK { get; set; } = 10;

    /// <summary>Larger catalogues are cut down by retrieval before the head scores them.</summary>
    [Range(1, 10_000_000)]
    public int WholeCatalogue { get; set; } = 50_000;

    /// <summary>Candidates of the title scorer.</summary>
    [Range(1, 200)]
    public int TitleCandidates { get; set; } = 20;

    /// <summary>Candidates of the head scorer where the catalogue is too large to score whole.</summary>
    [Range(1, 100_000)]
    public int HeadCandidates { get; set; } = 1000;

    /// <summary>Score only a user's newest sequence in a batch.</summary>
    public bool Coalesce { get; set; } = true;

    /// <summary>The settings of the candidates, as the ranker takes them.</summary>
    public CandidateLimits Limits => new(WholeCatalogue, HeadCandidates, TitleCandidates);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Model.Loading.Backbone.Missing(Backbone) is { } missing ? [new($"{Section}:{nameof(Backbone)}: {missing}", [nameof(Backbone)])] : [];
}
