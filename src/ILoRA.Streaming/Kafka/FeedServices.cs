using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ILoRA.Streaming.Kafka;

/// <summary>Registers the readers of compacted topics.</summary>
public static class FeedServices
{
    /// <summary>
    /// Adds a feed once, however many workers of a process ask for it: a hosted service is told apart by its factory's type.
    /// </summary>
    public static IServiceCollection AddFeed<TFeed>(this IServiceCollection services)
        where TFeed : CompactedFeed
    {
        services.TryAddSingleton<TFeed>();
        return services.AddHostedService(provider => provider.GetRequiredService<TFeed>());
    }
}
