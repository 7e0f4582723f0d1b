using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Sequences;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ILoRA.Streaming.Ingest;

/// <summary>Registers the ingest worker.</summary>
public static class IngestServices
{
    /// <summary>Adds the worker to a host.</summary>
    public static IServiceCollection AddIngest(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddFeature<IngestOptions>(configuration, IngestOptions.Section)
            .AddFeature<SequenceOptions>(configuration, SequenceOptions.Section);
        services.TryAddSingleton<SequenceStore>();
        services.TryAddSingleton<SequenceApply>();
        services.TryAddSingleton<ClickClock>();
        services.TryAddSingleton<ClickReader>();
        services.TryAddSingleton<IngestPartitions>();
        services.TryAddSingleton<ClickEmitter>();
        return services.AddHostedService<IngestWorker>().AddHostedService<CompactedTopicsCheck>();
    }
}
