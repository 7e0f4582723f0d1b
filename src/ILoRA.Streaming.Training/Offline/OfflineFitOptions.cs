using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Fits;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>Settings of <see cref="OfflineFit"/>.</summary>
public sealed record OfflineFitOptions
{
    /// <summary>The maximum wall-clock time of the whole fit; a small shop needs less.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The backbone, a Hugging Face folder or a GGUF file; null trains a tiny backbone on the catalogue's titles.</summary>
    public string? Backbone { get; init; }

    /// <summary>The number of the backbone's first layers to use; null uses all.</summary>
    public int? Layers { get; init; }

    /// <summary>The backbone's precision, one of <see cref="BackbonePrecision.Names"/>.</summary>
    public string Precision { get; init; } = BackbonePrecision.Auto;

    /// <summary>
    /// The share of the last clicks that is held out to evaluate a fit on the clicks before them; 0 fits once, without an evaluation.
    /// </summary>
    public double HoldOutShare { get; init; } = 0.2;

    /// <summary>The maximum number of held-out clicks to evaluate; where there are more, a random sample is drawn.</summary>
    public int MaxEvaluated { get; init; } = 2000;

    public EncoderFitOptions Encoder { get; init; } = new();

    public AdapterFitOptions Adapter { get; init; } = new();

    public int Seed { get; init; } = 1;

    /// <summary>The options of the tiny backbone; its number of steps grows with the number of titles.</summary>
    /// <param name="titles">The number of titles.</param>
    internal BackboneFitOptions TinyBackbone(int titles) =>
        new() { Layers = 2, Steps = Math.Clamp(100 + titles / 10, 100, 400), Seed = Seed };
}
