using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.Training.Online;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Training.Worker;

/// <summary>Registers the trainer worker.</summary>
public static class TrainerServices
{
    /// <summary>Adds the worker to a host made by <see cref="StreamHost"/>.</summary>
    public static IServiceCollection AddTrainer(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddFeature<TrainerOptions>(configuration, TrainerOptions.Section)
            .AddFeature<OnlineTrainerOptions>(configuration, TrainerOptions.LearningSection);
        services.AddSnapshots(configuration).AddSingleton<IValidateOptions<SnapshotOptions>, WritableSnapshots>();
        services.TryAddSingleton<CatalogueFeed>();
        services.TryAddSingleton<AdapterFeed>();
        services.TryAddSingleton<RolloutFeed>();
        // AddHostedService registers each type once, even if several workers of a process add it.
        services.AddHostedService(provider => provider.GetRequiredService<CatalogueFeed>());
        services.AddHostedService(provider => provider.GetRequiredService<AdapterFeed>());
        services.AddHostedService(provider => provider.GetRequiredService<RolloutFeed>());
        services.TryAddSingleton<CheckpointStore>();
        services.TryAddSingleton<TrainerStart>();
        services.TryAddSingleton<LinePublisher>();
        return services.AddHostedService<TrainerWorker>();
    }
}
