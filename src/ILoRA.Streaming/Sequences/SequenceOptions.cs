using System.ComponentModel.DataAnnotations;

namespace ILoRA.Streaming.Sequences;

/// <summary>What is kept of a user (configuration section <c>Sequences</c>).</summary>
public sealed class SequenceOptions
{
    public const string Section = "Sequences";

    /// <summary>Clicks kept a user.</summary>
    [Range(1, 10_000)]
    public int Capacity { get; set; } = 50;

    /// <summary>A user without clicks for this long is forgotten.</summary>
    public TimeSpan Expiry { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Whether sequence events carry each click's time and session (they double the event's size).</summary>
    public bool EmitTimes { get; set; }
}
