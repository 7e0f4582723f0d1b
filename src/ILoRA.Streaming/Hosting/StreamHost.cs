using System.Runtime.InteropServices;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Hosting;

/// <summary>How every process is put together: configuration, Kafka, Redis, telemetry, health, and a stop that finishes what is held.</summary>
public static class StreamHost
{
    // Docker and Kubernetes kill a process 30 s after they told it to stop.
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(25);

    /// <summary>The whole main of a worker; returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] args, string worker, Action<IServiceCollection, IConfiguration> add)
    {
        if (args.Contains("--help") || args.Contains("-h"))
            return Print(HostFlags.Help(worker));
        if (args.Contains("--version"))
            return Print($"{worker} {HostFlags.Version}");
        if (HostFlags.Mistake(args) is { } mistake)
            return Refuse(worker, mistake);
        NativeHeap.GiveBackFreed();
        try
        {
            var builder = CreateBuilder(args, worker);
            add(builder.Services, builder.Configuration);
            await using var app = builder.Build();
            if (HealthPort.Refusal(app.Services.GetRequiredService<IOptions<HostingOptions>>().Value) is { } refusal)
                return Refuse(worker, refusal, ExitCode.Failed);
            return await RunAsync(app, worker);
        }
        catch (Exception e) when (e is OptionsValidationException or InvalidDataException or FormatException || IsUnreadableValue(e))
        {
            return Refuse(worker, e.Message);
        }
    }

    /// <summary>What the configuration's binder throws for a value of another type.</summary>
    private static bool IsUnreadableValue(Exception e) =>
        e is InvalidOperationException && e.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal);

    /// <summary>A builder with everything that workers share; flags in <paramref name="args"/> come last and win.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args, string worker)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = worker, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables("ILORA__")
            .AddCommandLine(args, new Dictionary<string, string>(HostFlags.Keys));
        builder.Logging.ClearProviders();
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // It would log every check that fails, at each request of a probe; outages have their own lines.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.UseUtcTimestamp = true;
        });
        // Standard output belongs to what a command prints.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddStreamServices(builder.Configuration, worker);
        builder.Services.Configure<HostOptions>(o =>
        {
            o.ShutdownTimeout = StopTime;
            // One after the other, several workers that wait for a broker would take several times as long.
            o.ServicesStopConcurrently = true;
        });
        Listen(builder);
        return builder;
    }

    /// <summary>Maps /health and /metrics where a port is set.</summary>
    public static void MapEndpoints(WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<HostingOptions>>().Value.Port == 0)
            return;
        HealthEndpoints.Map(app);
        app.MapPrometheusScrapingEndpoint("/metrics");
    }

    /// <summary>Runs until a signal or a failed worker stops it: 0, 130 when interrupted, 1 when a worker failed.</summary>
    public static async Task<int> RunAsync(WebApplication app, string worker)
    {
        MapEndpoints(app);
        var interrupted = false;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => interrupted = true);
        Announce(app, worker);
        // Not RunAsync: that disposes the services, which are asked below whether a worker failed.
        try
        {
            await app.StartAsync();
            await app.WaitForShutdownAsync();
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop while it was starting.
        }
        var failed = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });
        return failed ? ExitCode.Failed : interrupted ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static void Listen(WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(HostingOptions.Section).Get<HostingOptions>() ?? new();
        if (options.Port == 0)
            builder.Services.AddSingleton<Microsoft.AspNetCore.Hosting.Server.IServer, NoServer>();
        else
            builder.WebHost.UseUrls($"http://{options.Address}:{options.Port}");
    }

    private static void Announce(WebApplication app, string worker)
    {
        var kafka = app.Services.GetRequiredService<IOptions<Kafka.KafkaOptions>>().Value;
        var redis = ConfigurationOptions.Parse(app.Services.GetRequiredService<IOptions<RedisOptions>>().Value.Connection);
        var host = app.Services.GetRequiredService<IOptions<HostingOptions>>().Value;
        HostLog.Starts(app.Logger, worker, HostFlags.Version, kafka.Bootstrap, string.Join(",", redis.EndPoints.Select(RedisOptions.Address)), host.Port == 0 ? "no port" : $"{host.Address}:{host.Port}");
    }

    private static int Print(string text)
    {
        Console.Out.WriteLine(text);
        return ExitCode.Done;
    }

    private static int Refuse(string worker, string message, int code = ExitCode.BadInput)
    {
        Console.Error.WriteLine($"{worker}: {message.ReplaceLineEndings(" ")}");
        return code;
    }
}
