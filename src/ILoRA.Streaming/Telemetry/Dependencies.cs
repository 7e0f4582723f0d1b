using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Telemetry;

/// <summary>The servers that every process needs; one object of each for all clients of the process.</summary>
public sealed class Dependencies(TimeProvider time, ILogger<Dependencies> logger)
{
    public Dependency Kafka { get; } = new("Kafka", time, logger);

    public Dependency Redis { get; } = new("Redis", time, logger);
}
