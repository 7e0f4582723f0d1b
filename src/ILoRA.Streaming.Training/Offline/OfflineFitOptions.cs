using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Fits;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>How a shop's models are fitted.</summary>
public sealed record OfflineFitOptions
{
    /// <summary>Wall-clock time of the whole at most; a small shop needs less.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A Hugging Face folder or a GGUF file; null makes a tiny backbone from the catalogue's titles.</summary>
    public string? Backbone { get; init; }

    /// <summary>Only the backbone's first layers; null takes all.</summary>
    public int? Layers { get; init; }

    /// <summary>One of <see cref="BackbonePrecision.Names"/>.</summary>
    public string Precision { get; init; } = BackbonePrecision.Auto;

    /// <summary>The last part of the clicks, on which a fit of the clicks before them is judged; 0 judges nothing and fits once.</summary>
    public double HoldOutShare { get; init; } = 0.2;

    /// <summary>The most clicks that are judged; of more, so many are drawn.</summary>
    public int MaxEvaluated { get; init; } = 2000;

    public EncoderFitOptions Encoder { get; init; } = new();

    public AdapterFitOptions Adapter { get; init; } = new();

    public int Seed { get; init; } = 1;

    /// <summary>The tiny backbone: the more titles, the more steps until it has read them.</summary>
    /// <param name="titles">How many there are.</param>
    internal BackboneFitOptions TinyBackbone(int titles) =>
        new() { Layers = 2, Steps = Math.Clamp(100 + titles / 10, 100, 400), Seed = Seed };
}
