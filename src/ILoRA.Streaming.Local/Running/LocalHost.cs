using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Inference.Serving;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Ingest;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Telemetry;
using ILoRA.Streaming.Training.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Local.Running;

/// <summary>All workers in one process: the same classes and registrations as in their own executables.</summary>
internal static class LocalHost
{
    private static readonly TimeSpan Ask = TimeSpan.FromMilliseconds(50);

    public static WebApplication Build(LocalSettings settings, LocalServers servers, Backbone backbone, string data)
    {
        string[] flags =
        [
            "--bootstrap", servers.Bootstrap,
            "--redis", servers.Redis,
            .. settings.Namespace is { } scope ? new[] { "--namespace", scope } : [],
            "--Inference:Backbone", settings.Backbone,
            "--Trainer:Backbone", settings.Backbone,
            .. settings.Layers is { } layers ? new[] { "--Inference:Layers", $"{layers}", "--Trainer:Layers", $"{layers}" } : [],
            .. settings.Precision is { } precision ? new[] { "--Trainer:Precision", precision } : [],
            "--Trainer:Learning:Seed", $"{settings.Seed}",
            .. servers.HasRealKafka ? [] : new[] { "--Kafka:FetchWait", "00:00:00.010" },
            // The embedded Redis is memory of a fixed size; a version every few seconds would push the users' sequences out of it.
            .. settings.Redis is null ? new[] { "--Snapshots:Store", "Files", "--Snapshots:Folder", Path.Combine(data, "snapshots") } : [],
        ];
        var builder = StreamHost.CreateBuilder(flags, "ilora-local");
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter(typeof(WeightCache).FullName, LogLevel.Information);
        builder.Services.AddSingleton(backbone);
        builder.Services.AddIngest(builder.Configuration);
        builder.Services.AddInference(builder.Configuration);
        builder.Services.AddTrainer(builder.Configuration);
        return StreamHost.Build(builder);
    }

    /// <summary>Starts the workers; ends when every one can serve.</summary>
    /// <exception cref="InvalidOperationException">A worker ended instead.</exception>
    public static async Task StartAsync(WebApplication app, CancellationToken cancel)
    {
        try
        {
            await app.StartAsync(cancel);
            await ReadyAsync(app, cancel);
        }
        catch (OperationCanceledException) when (Failure(app) is { } failure)
        {
            throw failure;
        }
    }

    private static async Task ReadyAsync(WebApplication app, CancellationToken cancel)
    {
        var health = app.Services.GetRequiredService<WorkerHealth>();
        using var timer = new PeriodicTimer(Ask, app.Services.GetRequiredService<TimeProvider>());
        while (health.Ready().Status != HealthStatus.Healthy || health.Dependencies.Kafka.Unreachable is not null
            || health.Dependencies.Redis.Unreachable is not null)
            await timer.WaitForNextTickAsync(cancel);
    }

    /// <summary>Why a worker ended by itself; null where none did.</summary>
    public static InvalidOperationException? Failure(WebApplication app) => StreamHost.FailureOf(app) is { } failure
        ? new(Lifetime.Failure.Of(failure).Message, failure)
        : null;
}
