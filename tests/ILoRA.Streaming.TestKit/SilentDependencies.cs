using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace ILoRA.Streaming.TestKit;

/// <summary>Creates the record of Kafka's and Redis's availability that clients need, without logging.</summary>
public static class SilentDependencies
{
    public static Dependencies Create() => new(TimeProvider.System, NullLogger<Dependencies>.Instance);
}
