using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ILoRA.Streaming.Kafka;

/// <summary>Registers the readers of compacted topics.</summary>
public static class FeedServices
{
    /// <summary>Adds a feed once, however many workers of a process ask for it.</summary>
    public static IServiceCollection AddFeed<TFeed>(this IServiceCollection services)
        where TFeed : CompactedFeed
    {
        if (services.Any(service => service.ServiceType == typeof(TFeed)))
            return services;
        services.AddSingleton<TFeed>();
        return services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<TFeed>());
    }
}
