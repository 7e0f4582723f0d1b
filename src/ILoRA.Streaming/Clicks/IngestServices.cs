using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Sequences;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ILoRA.Streaming.Clicks;

/// <summary>Registers the ingest worker.</summary>
public static class IngestServices
{
    /// <summary>Adds the worker to a host made by <see cref="StreamHost"/>.</summary>
    public static IServiceCollection AddIngest(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddFeature<IngestOptions>(configuration, IngestOptions.Section).AddFeature<SequenceOptions>(configuration, SequenceOptions.Section);
        services.TryAddSingleton<SequenceStore>();
        services.TryAddSingleton<SequenceApply>();
        services.TryAddSingleton<ClickClock>();
        services.TryAddSingleton<ClickEmitter>();
        return services.AddHostedService<IngestWorker>().AddHostedService<CompactedTopicsCheck>();
    }
}
