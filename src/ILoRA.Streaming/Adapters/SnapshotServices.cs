using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Adapters;

/// <summary>Registers the snapshot store that the configuration names, and what stores and loads through it.</summary>
public static class SnapshotServices
{
    public static IServiceCollection AddSnapshots(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddFeature<SnapshotOptions>(configuration, SnapshotOptions.Section);
        services.TryAddSingleton(Store);
        services.TryAddSingleton<AdapterAnnouncer>();
        services.TryAddSingleton<SnapshotLoader>();
        return services;
    }

    private static ISnapshotStore Store(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<SnapshotOptions>>().Value;
        return options.Store switch
        {
            SnapshotStoreKind.Files => new FileSnapshotStore(options.Folder),
            _ => new RedisSnapshotStore(provider.GetRequiredService<IConnectionMultiplexer>(),
                provider.GetRequiredService<IOptions<RedisOptions>>().Value.KeyPrefix),
        };
    }
}
