using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Recommendations;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.Sequences;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>Registers the inference worker's services.</summary>
public static class InferenceServices
{
    /// <summary>Adds the inference worker to a host from <see cref="StreamHost"/>.</summary>
    public static IServiceCollection AddInference(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddFeature<InferenceOptions>(configuration, InferenceOptions.Section)
            .AddFeature<SequenceOptions>(configuration, SequenceOptions.Section);
        services.AddSnapshots(configuration).AddFeed<CatalogueFeed>().AddFeed<AdapterFeed>().AddFeed<RolloutFeed>();
        services.TryAddSingleton<LastRecommendationStore>();
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<InferenceOptions>>().Value;
            return Backbone.Load(options.Backbone, options.Layers);
        });
        services.AddFeature<WeightCacheOptions>(configuration, WeightCacheOptions.Section).AddSingleton<WeightCache>();
        services.AddSingleton<LivePopularity>();
        services.AddSingleton(provider => new Ranker(provider.GetRequiredService<IOptions<InferenceOptions>>().Value.Limits));
        services.AddSingleton<FallbackRanker>();
        services.AddSingleton<VersionLoader>();
        services.AddSingleton(provider => new PlanKeeper(
            provider.GetRequiredService<VersionLoader>().LoadAsync, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PlanKeeper>>()));
        services.AddSingleton<Recommender>();
        services.AddSingleton<RecommendationEmitter>();
        services.AddSingleton<PlanFollower>();
        services.AddHostedService(provider => provider.GetRequiredService<PlanFollower>());
        services.TryAddSingleton<ServingReports>();
        services.AddHostedService<ServingReporter>();
        return services.AddHostedService<InferenceWorker>();
    }
}
