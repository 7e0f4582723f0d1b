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
    private const string LateWindow = $"{SequenceOptions.Section}:LateWindow";

    /// <summary>Adds the worker to a host made by <see cref="StreamHost"/>.</summary>
    public static IServiceCollection AddIngest(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[LateWindow] is { } window)
            throw new InvalidDataException(
                $"{LateWindow} ('{window}') is no setting any more: a late click goes to its place wherever the kept history reaches; leave it out.");
        services.AddFeature<IngestOptions>(configuration, IngestOptions.Section).AddFeature<SequenceOptions>(configuration, SequenceOptions.Section);
        services.TryAddSingleton<SequenceStore>();
        services.TryAddSingleton<SequenceApply>();
        services.TryAddSingleton<ClickClock>();
        services.TryAddSingleton<ClickEmitter>();
        return services.AddHostedService<IngestWorker>().AddHostedService<CompactedTopicsCheck>();
    }
}
