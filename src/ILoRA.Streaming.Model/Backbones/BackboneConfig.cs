namespace ILoRA.Streaming.Model.Backbones;

/// <summary>The configuration of a decoder-only transformer of the Llama kind: sizes, rotary positions and normalisation.</summary>
public sealed record BackboneConfig
{
    /// <summary>The <c>model_type</c> of config.json, one of <see cref="BackboneFamily.All"/>.</summary>
    public required string Family { get; init; }
    public required int Layers { get; init; }
    public required int Hidden { get; init; }
    public required int Heads { get; init; }
    public required int KvHeads { get; init; }
    public required int HeadSize { get; init; }
    public required int FeedForward { get; init; }
    public required int Vocabulary { get; init; }
    /// <summary>The greatest length of a prompt, in tokens; at most the sliding window where there is one.</summary>
    public required int MaxPositions { get; init; }
    public required float NormEpsilon { get; init; }
    public required double RopeTheta { get; init; }
    public RopeScaling? RopeScaling { get; init; }
    /// <summary>Whether the output projection is the embedding table (tied weights).</summary>
    public required bool Tied { get; init; }

    public int QueryWidth => Heads * HeadSize;
    public int KeyWidth => KvHeads * HeadSize;

    /// <summary>Whether <paramref name="target"/> has a bias.</summary>
    public bool HasBias(LoraTarget target) => target <= LoraTarget.V && BackboneFamily.Of(Family, "config").AttentionBias;

    /// <summary>Whether the heads of <paramref name="target"/> are normalised one by one (RMS norm).</summary>
    public bool HasHeadNorm(LoraTarget target) => target <= LoraTarget.K && BackboneFamily.Of(Family, "config").HeadNorms;

    /// <summary>Input width of <paramref name="target"/>'s weight [out, in].</summary>
    public int InputWidth(LoraTarget target) => target switch
    {
        LoraTarget.O => QueryWidth,
        LoraTarget.Down => FeedForward,
        _ => Hidden,
    };

    /// <summary>Output width of <paramref name="target"/>'s weight [out, in].</summary>
    public int OutputWidth(LoraTarget target) => target switch
    {
        LoraTarget.Q => QueryWidth,
        LoraTarget.K or LoraTarget.V => KeyWidth,
        LoraTarget.Gate or LoraTarget.Up => FeedForward,
        _ => Hidden,
    };
}

/// <summary>Llama 3's frequency-dependent scaling of rotary positions (<c>rope_type: llama3</c>).</summary>
public sealed record RopeScaling(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalMaxPositions);
