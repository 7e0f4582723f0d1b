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

    /// <summary>The number of the backbone's layers to load, from the first; null for all.</summary>
    [Range(1, 1000)]
    public int? Layers { get; set; }

    /// <summary>The numeric precision: Fast (float32), EightBit for less memory with less accuracy, or Exact for checks.</summary>
    public GraphPrecision Precision { get; set; } = GraphPrecision.Fast;

    /// <summary>The device; null for CUDA in a CUDA build and the CPU otherwise.</summary>
    public Device? Device { get; set; }

    /// <summary>
    /// The number of threads of one run. Several concurrent runs with one thread each have a higher throughput than one run with several
    /// threads.
    /// </summary>
    [Range(1, 256)]
    public int Threads { get; set; } = 1;

    /// <summary>The number of concurrent runs.</summary>
    [Range(1, 256)]
    public int Concurrency { get; set; } = 2;

    /// <summary>The number of items in a recommendation.</summary>
    [Range(1, 1000)]
    public int TopK { get; set; } = 20;

    /// <summary>The number of items in a shadow line's list.</summary>
    [Range(1, 100)]
    public int ShadowTopK { get; set; } = 10;

    /// <summary>The size up to which the head scorer scores the whole catalogue; retrieval selects candidates of larger ones.</summary>
    [Range(1, 10_000_000)]
    public int WholeCatalogue { get; set; } = 50_000;

    /// <summary>The number of the title scorer's candidates.</summary>
    [Range(1, 200)]
    public int TitleCandidates { get; set; } = 20;

    /// <summary>The number of the head scorer's candidates in catalogues larger than <see cref="WholeCatalogue"/>.</summary>
    [Range(1, 100_000)]
    public int HeadCandidates { get; set; } = 1000;

    /// <summary>Whether only a user's newest sequence in a batch is answered.</summary>
    public bool Coalesce { get; set; } = true;

    /// <summary>The numbers of candidates as one value.</summary>
    public CandidateLimits Limits => new(WholeCatalogue, HeadCandidates, TitleCandidates);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Model.Loading.Backbone.Missing(Backbone) is { } missing
            ? [new($"{Section}:{nameof(Backbone)}: {missing}", [nameof(Backbone)])] : [];
}
