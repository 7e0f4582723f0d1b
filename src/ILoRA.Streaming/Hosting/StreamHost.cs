using System.Runtime.InteropServices;
using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Hosting;

/// <summary>
/// How every process is put together: configuration, Kafka, Redis, telemetry, health, and a stop that finishes what is held.
/// </summary>
public static class StreamHost
{
    // Docker and Kubernetes kill a process 30 s after they told it to stop.
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(25);

    /// <summary>
    /// The whole main of a worker. Runs until a signal or a failed service stops it; every failure is one line on standard error.
    /// </summary>
    /// <param name="args">The command line: <see cref="HostFlags"/> and <c>--Section:Key VALUE</c>.</param>
    /// <param name="worker">The program's name.</param>
    /// <param name="add">Registers its features.</param>
    /// <param name="map">Maps HTTP routes beside those of health and metrics; not called where no port is set.</param>
    /// <returns>The exit code: 0, 1 when a service failed, 2 for bad usage or settings, 130 when interrupted.</returns>
    public static async Task<int> RunAsync(
        string[] args, string worker, Action<IServiceCollection, IConfiguration> add, Action<IEndpointRouteBuilder>? map = null)
    {
        if (args.Contains("--help") || args.Contains("-h"))
            return Print(HostFlags.Help(worker));
        if (args.Contains("--version"))
            return Print($"{worker} {HostFlags.Version}");
        if (HostFlags.Mistake(args) is { } mistake)
            return Refuse(worker, new(ExitCode.BadInput, mistake));
        NativeHeap.GiveBackFreed();
        try
        {
            var builder = CreateBuilder(args, worker);
            add(builder.Services, builder.Configuration);
            await using var app = Build(builder, map);
            return await RunAsync(app, worker);
        }
        catch (Exception exception)
        {
            return Refuse(worker, Failure.Of(exception));
        }
    }

    /// <summary>Builds the process once all features are added, and checks what can be checked before it starts.</summary>
    /// <param name="builder">From <see cref="CreateBuilder"/>.</param>
    /// <param name="map">Maps HTTP routes beside those of health and metrics; not called where no port is set.</param>
    /// <exception cref="InvalidDataException">A setting is given that no feature reads.</exception>
    /// <exception cref="OptionsValidationException">A setting has a value that cannot be used.</exception>
    /// <exception cref="IOException">The port cannot be opened.</exception>
    public static WebApplication Build(WebApplicationBuilder builder, Action<IEndpointRouteBuilder>? map = null)
    {
        builder.Services.RefuseUnknownSettings(builder.Configuration);
        var app = builder.Build();
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        var host = app.Services.GetRequiredService<IOptions<HostingOptions>>().Value;
        if (HealthPort.Refusal(host) is { } refusal)
            throw new IOException(refusal);
        if (host.Port == 0)
            return app;
        app.Urls.Add($"http://{host.Address}:{host.Port}");
        HealthEndpoints.Map(app);
        app.MapPrometheusScrapingEndpoint("/metrics");
        map?.Invoke(app);
        return app;
    }

    /// <summary>A builder with everything that workers share; flags in <paramref name="args"/> come last and win.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args, string worker)
    {
        var builder =
            WebApplication.CreateSlimBuilder(
                new WebApplicationOptions { ApplicationName = worker, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddSettingSources().AddCommandLine(args, new Dictionary<string, string>(HostFlags.Keys));
        builder.Logging.ClearProviders();
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // It would log every check that fails, at each request of a probe; outages have their own lines.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // It would log the failure of a service with its stack trace; the process ends with one line that says why.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.UseUtcTimestamp = true;
        });
        // Standard output belongs to what a command prints.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            o => o.LogToStandardErrorThreshold = LogLevel.Trace);
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

    /// <summary>The service that ended by an exception, if one did; the web host stops the process then.</summary>
    public static Exception? FailureOf(WebApplication app) => app.Services.GetServices<IHostedService>().OfType<BackgroundService>()
        .Select(service => service.ExecuteTask).FirstOrDefault(task => task is { IsFaulted: true })?.Exception!.GetBaseException();

    private static async Task<int> RunAsync(WebApplication app, string worker)
    {
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
        if (FailureOf(app) is { } failure)
            return Refuse(worker, Failure.Of(failure) with { Code = ExitCode.Failed });
        return interrupted ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static void Listen(WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(HostingOptions.Section).Get<HostingOptions>() ?? new();
        if (options.Port == 0)
            builder.Services.AddSingleton<Microsoft.AspNetCore.Hosting.Server.IServer, NoHttpServer>();
    }

    private static void Announce(WebApplication app, string worker)
    {
        var kafka = app.Services.GetRequiredService<IOptions<Kafka.KafkaOptions>>().Value;
        var redis = ConfigurationOptions.Parse(app.Services.GetRequiredService<IOptions<RedisOptions>>().Value.Connection);
        var host = app.Services.GetRequiredService<IOptions<HostingOptions>>().Value;
        HostLog.Starts(app.Logger, worker, HostFlags.Version, kafka.Bootstrap,
            string.Join(",", redis.EndPoints.Select(RedisOptions.Address)), host.Port == 0 ? "no port" : $"{host.Address}:{host.Port}");
    }

    private static int Print(string text)
    {
        Console.Out.WriteLine(text);
        return ExitCode.Done;
    }

    private static int Refuse(string worker, Failure failure)
    {
        Console.Error.WriteLine($"{worker}: {failure.Message}");
        return failure.Code;
    }
}
