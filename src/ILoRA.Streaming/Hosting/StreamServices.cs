using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using StackExchange.Redis;

namespace ILoRA.Streaming.Hosting;

/// <summary>Registers what all workers share.</summary>
public static class StreamServices
{
    /// <summary>Options, clients, retry, health and telemetry; each once, however many workers a process hosts.</summary>
    public static IServiceCollection AddStreamServices(this IServiceCollection services, IConfiguration configuration, string worker)
    {
        RemovedSettings.Refuse(configuration);
        services.AddFeature<KafkaOptions>(configuration, KafkaOptions.Section)
            .AddFeature<RedisOptions>(configuration, RedisOptions.Section)
            .AddFeature<HostingOptions>(configuration, HostingOptions.Section);
        var scope = StreamNamespace.Of(configuration);
        services.Configure<KafkaOptions>(kafka =>
        {
            kafka.Namespace = scope;
            kafka.TakeNested(configuration);
        }).Configure<RedisOptions>(redis => redis.Namespace = scope);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IConnectionMultiplexer>(provider => provider.GetRequiredService<IOptions<RedisOptions>>().Value.Connect());
        services.TryAddSingleton<EventProducer>();
        services.TryAddSingleton<DeadLetters>();
        services.TryAddSingleton(provider => new DependencyRetry(provider.GetRequiredService<IOptions<KafkaOptions>>().Value.RetryBudget,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Dependencies>()));
        services.TryAddSingleton<Dependencies>();
        services.TryAddSingleton<WorkerHealth>();
        services.AddHostedService<KafkaProbe>().AddHostedService<RedisProbe>();
        services.TryAddSingleton<TopicProvisioning>();
        services.TryAddSingleton<TopicGuard>();
        services.AddHostedService(provider => provider.GetRequiredService<TopicGuard>());
        services.TryAddSingleton<ConsumerGroups>();
        AddHealth(services);
        AddTelemetry(services, configuration.GetSection(HostingOptions.Section).Get<HostingOptions>() ?? new(), worker);
        return services;
    }

    private static void AddHealth(IServiceCollection services) => services.AddHealthChecks()
        .Add(Check("live", HealthEndpoints.Live, health => health.Live()))
        .Add(Check("workers", HealthEndpoints.Ready, health => health.Ready()))
        .Add(Check("kafka", HealthEndpoints.Ready, health => WorkerHealth.Of(health.Dependencies.Kafka)))
        .Add(Check("redis", HealthEndpoints.Ready, health => WorkerHealth.Of(health.Dependencies.Redis)));

    private static HealthCheckRegistration Check(string name, string tag, Func<WorkerHealth, HealthCheckResult> check) =>
        new(name, provider => new DelegateHealthCheck(() => check(provider.GetRequiredService<WorkerHealth>())), null, [tag]);

    private static void AddTelemetry(IServiceCollection services, HostingOptions options, string worker)
    {
        var telemetry =
            services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(worker, serviceVersion: HostFlags.Version));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(StreamMetrics.Name, $"{StreamMetrics.Name}.*");
            if (options.Port != 0)
                metrics.AddPrometheusExporter();
            if (options.Otlp.Length > 0)
                metrics.AddOtlpExporter(exporter => exporter.Endpoint = new(options.Otlp));
        });
        if (options.Otlp.Length > 0)
        {
            telemetry.WithTracing(tracing => tracing
                .AddSource(StreamMetrics.Name, $"{StreamMetrics.Name}.*")
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceShare)))
                .AddOtlpExporter(exporter => exporter.Endpoint = new(options.Otlp)));
        }
    }

    private sealed class DelegateHealthCheck(Func<HealthCheckResult> check) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(check());
    }
}
