using System.ComponentModel.DataAnnotations;
using ILoRA.Streaming.Configuration;

namespace ILoRA.Streaming.Ingest;

/// <summary>The ingest worker (configuration section <c>Ingest</c>).</summary>
public sealed class IngestOptions
{
    public const string Section = "Ingest";

    /// <summary>Consumer group.</summary>
    [Required]
    public string Group { get; set; } = "ilora-ingest";

    /// <summary>How far a click's time may lie after the worker's clock; one beyond is a dead letter. The past has no limit.</summary>
    [DurationRange("00:00:00", "10000.00:00:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(5);
}
