using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Adapters;

/// <summary>What is said of a snapshot when it is published.</summary>
public sealed record AdapterRelease
{
    public required LineName Line { get; init; }
    public required AdapterVersion Version { get; init; }

    /// <summary>The version that training started from.</summary>
    public AdapterVersion? Parent { get; init; }

    /// <summary>Trained up to: the next offset by "topic-partition".</summary>
    public IReadOnlyDictionary<string, long> Offsets { get; init; } = new Dictionary<string, long>();

    /// <summary>The latest event time trained on.</summary>
    public DateTimeOffset? Events { get; init; }
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
    public IReadOnlyList<string>? Tags { get; init; }
    public string? Note { get; init; }
}
