using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace ILoRA.Streaming.TestKit;

/// <summary>Kafka and Redis as a client under test reports them, without a log.</summary>
public static class SilentDependencies
{
    public static Dependencies Create() => new(TimeProvider.System, NullLogger<Dependencies>.Instance);
}
