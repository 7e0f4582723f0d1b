using System.ComponentModel.DataAnnotations;
using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Online;

namespace ILoRA.Streaming.Training.Worker;

/// <summary>
/// Settings of the trainer worker (configuration section <c>Trainer</c>). Its hyperparameters are in <see cref="OnlineTrainerOptions"/>
/// (<c>Trainer:Learning</c>).
/// </summary>
public sealed class TrainerOptions : IValidatableObject
{
    public const string Section = "Trainer";
    public const string LearningSection = "Trainer:Learning";

    private const string LongestTime = "1.00:00:00";

    /// <summary>The Kafka consumer group.</summary>
    [Required, MinLength(1)]
    public string Group { get; set; } = "ilora-trainer";

    /// <summary>The adapter line whose versions are published.</summary>
    [Required, MinLength(1)]
    public string Line { get; set; } = "online";

    /// <summary>The backbone: a Hugging Face folder or a GGUF file.</summary>
    [Required(ErrorMessage = "Trainer:Backbone is missing: give the backbone's folder or GGUF file."), MinLength(1)]
    public string Backbone { get; set; } = "";

    /// <summary>The number of the backbone's first layers to use; null uses all.</summary>
    [Range(1, 1000)]
    public int? Layers { get; set; }

    /// <summary>
    /// The snapshot folder to publish as the line's first version if it has none; empty waits for a version on the adapters topic.
    /// </summary>
    public string Initial { get; set; } = "";

    /// <summary>The device: cpu, cuda or auto.</summary>
    [RegularExpression("(?i)cpu|cuda|auto", ErrorMessage = "Trainer:Device must be cpu, cuda or auto.")]
    public string Device { get; set; } = "auto";

    /// <summary>
    /// The precision of the frozen backbone: float32, bfloat16 or auto (<see cref="BackbonePrecision.Of"/>). Adapter, encoder and their
    /// optimisers are always float32.
    /// </summary>
    public string Precision { get; set; } = BackbonePrecision.Auto;

    /// <summary>
    /// The number of LibTorch's threads; one leaves the other cores to serving. Resuming is bitwise reproducible only with the same number.
    /// </summary>
    [Range(1, 256)]
    public int Threads { get; set; } = 1;

    /// <summary>The time between two versions.</summary>
    [DurationRange("00:00:00.1", LongestTime)]
    public TimeSpan PublishEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The number of samples after which a version is published before <see cref="PublishEvery"/> has passed.</summary>
    [Range(1, int.MaxValue)]
    public int PublishSamples { get; set; } = 20_000;

    /// <summary>The minimum number of new samples in a version.</summary>
    [Range(1, int.MaxValue)]
    public int LeastSamples { get; set; } = 64;

    /// <summary>
    /// The number of newest versions of the line to keep; older ones are retired and their parts deleted, unless a rollout plan pins them.
    /// </summary>
    [Range(2, 100_000)]
    public int KeepVersions { get; set; } = 50;

    /// <summary>The time between two checkpoints.</summary>
    [DurationRange("00:00:00.1", LongestTime)]
    public TimeSpan CheckpointEvery { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The age of an event above which the trainer reduces the share of samples for the language model, to catch up.
    /// </summary>
    [DurationRange("00:00:00.1", "01:00:00")]
    public TimeSpan LongestLag { get; set; } = TimeSpan.FromSeconds(3);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LineName.Mistake(Line) is { } mistake)
            yield return new ValidationResult($"Trainer:Line: {mistake}.", [nameof(Line)]);
        if (Model.Loading.Backbone.Missing(Backbone) is { } missing)
            yield return new ValidationResult($"Trainer:Backbone: {missing}", [nameof(Backbone)]);
        if (!BackbonePrecision.Names.Contains(Precision, StringComparer.OrdinalIgnoreCase))
            yield return new ValidationResult(
                $"Trainer:Precision is '{Precision}'; it must be one of {string.Join(", ", BackbonePrecision.Names)}.",
                [nameof(Precision)]);
    }
}
