using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ILoRA.Streaming.Hosting;

/// <summary>Health, metrics and traces of a process (configuration section <c>Host</c>).</summary>
public sealed class HostingOptions : IValidatableObject
{
    public const string Section = "Host";

    /// <summary>Port of /health, /health/live, /health/ready and /metrics; 0 = off.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>Address the port is bound to; containers set 0.0.0.0.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>OTLP endpoint for metrics and traces, e.g. http://collector:4317; empty = off.</summary>
    public string Otlp { get; set; } = "";

    /// <summary>Share of new traces that are recorded; a trace begun elsewhere keeps its own decision.</summary>
    [Range(0.0, 1.0)]
    public double TraceShare { get; set; } = 0.01;

    /// <summary>The web server would take a name that it does not know for all addresses.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address is not ("localhost" or "*") && !IPAddress.TryParse(Address.Trim('[', ']'), out _))
            yield return new($"{Section}:{nameof(Address)} '{Address}' is no IP address; give one, localhost, or * for all.",
                [nameof(Address)]);
    }
}
