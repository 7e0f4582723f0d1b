using System.ComponentModel.DataAnnotations;
using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Online;

namespace ILoRA.Streaming.Training.Worker;

/// <summary>The trainer worker (configuration section <c>Trainer</c>). How it learns stands in <see cref="OnlineTrainerOptions"/> (<c>Trainer:Learning</c>).</summary>
public sealed class TrainerOptions : IValidatableObject
{
    public const string Section = "Trainer";
    public const string LearningSection = "Trainer:Learning";

    private const string LongestTime = "1.00:00:00";

    /// <summary>Consumer group.</summary>
    [Required, MinLength(1)]
    public string Group { get; set; } = "ilora-trainer";

    /// <summary>The line that it publishes.</summary>
    [Required, MinLength(1)]
    public string Line { get; set; } = "online";

    /// <summary>The backbone: a Hugging Face folder or a GGUF file.</summary>
    [Required(ErrorMessage = "Trainer:Backbone is missing: give the backbone's folder or GGUF file."), MinLength(1)]
    public string Backbone { get; set; } = "";

    /// <summary>Only the backbone's first layers; null takes all.</summary>
    [Range(1, 1000)]
    public int? Layers { get; set; }

    /// <summary>A snapshot folder to begin the line with where it has no version yet; empty waits until someone announces one.</summary>
    public string Initial { get; set; } = "";

    /// <summary>cpu, cuda or auto.</summary>
    [RegularExpression("(?i)cpu|cuda|auto", ErrorMessage = "Trainer:Device must be cpu, cuda or auto.")]
    public string Device { get; set; } = "auto";

    /// <summary>In what the frozen backbone computes: float32, bfloat16 or auto (<see cref="BackbonePrecision.Of"/>). Adapter, encoder and their optimisers are float32 in any case.</summary>
    public string Precision { get; set; } = BackbonePrecision.Auto;

    /// <summary>LibTorch's threads; one leaves the other cores to serving. A resumed trainer goes on in the same bits with the same number only.</summary>
    [Range(1, 256)]
    public int Threads { get; set; } = 1;

    /// <summary>The time between two versions.</summary>
    [DurationRange("00:00:00.1", LongestTime)]
    public TimeSpan PublishEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A version is published early after this many samples.</summary>
    [Range(1, int.MaxValue)]
    public int PublishSamples { get; set; } = 20_000;

    /// <summary>Fewer samples than this make no version.</summary>
    [Range(1, int.MaxValue)]
    public int LeastSamples { get; set; } = 64;

    /// <summary>The newest versions of the line that stay; older ones are taken back with their parts, unless a rollout plan pins them.</summary>
    [Range(2, 100_000)]
    public int KeepVersions { get; set; } = 50;

    /// <summary>The time between two checkpoints.</summary>
    [DurationRange("00:00:00.1", LongestTime)]
    public TimeSpan CheckpointEvery { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Events may be this old before the language model's part is cut to catch up.</summary>
    [DurationRange("00:00:00.1", "01:00:00")]
    public TimeSpan LongestLag { get; set; } = TimeSpan.FromSeconds(3);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LineName.Mistake(Line) is { } mistake)
            yield return new ValidationResult($"Trainer:Line: {mistake}.", [nameof(Line)]);
        if (Model.Loading.Backbone.Missing(Backbone) is { } missing)
            yield return new ValidationResult($"Trainer:Backbone: {missing}", [nameof(Backbone)]);
        if (!BackbonePrecision.Names.Contains(Precision, StringComparer.OrdinalIgnoreCase))
            yield return new ValidationResult($"Trainer:Precision is '{Precision}'; it must be one of {string.Join(", ", BackbonePrecision.Names)}.", [nameof(Precision)]);
    }
}
