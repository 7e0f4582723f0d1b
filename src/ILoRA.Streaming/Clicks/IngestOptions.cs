using System.ComponentModel.DataAnnotations;

namespace ILoRA.Streaming.Clicks;

/// <summary>The ingest worker (configuration section <c>Ingest</c>).</summary>
public sealed class IngestOptions
{
    public const string Section = "Ingest";

    /// <summary>Consumer group.</summary>
    [Required]
    public string Group { get; set; } = "ilora-ingest";
}
