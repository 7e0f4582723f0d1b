using ILoRA.Streaming.IntegrationTests.Records;
using ILoRA.Streaming.IntegrationTests.Retail;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Workers;

/// <summary>The three workers of docker-compose.yml on the real servers of this run, in a namespace of their own.</summary>
public sealed class Deployment : IAsyncDisposable
{
    public const int Partitions = 4;
    readonly Dictionary<string, string> environment;
    readonly Dictionary<string, TopicLog> readers = [];

    Deployment(string name)
    {
        Prefix = $"{name}-{Guid.NewGuid():N}"[..(name.Length + 9)] + ".";
        environment = new Dictionary<string, string>
        {
            ["ILORA__Namespace"] = Prefix,
            ["ILORA__Kafka__Partitions"] = $"{Partitions}",
        };
        Ingest = Worker("ingest");
        Inference = Worker("inference");
        Trainer = Worker("trainer");
        Clicks = new ClickProducer(Bootstrap, Topic("clicks"));
    }

    public static string Bootstrap => RealServers.Bootstrap!;
    public static string Redis => RealServers.Redis!;

    public string Prefix { get; }
    public WorkerProcess Ingest { get; }
    public WorkerProcess Inference { get; }
    public WorkerProcess Trainer { get; }
    public IReadOnlyList<WorkerProcess> Workers => [Ingest, Inference, Trainer];
    public ClickProducer Clicks { get; }

    public string Topic(string name) => Prefix + name;

    /// <summary>The consumer group of a worker.</summary>
    public string Group(string worker) => $"{Prefix}ilora-{worker}";

    /// <summary>Creates the topics, imports the sample's items and starts the workers, as an operator would.</summary>
    public static async Task<Deployment> StartAsync(string name)
    {
        var deployment = new Deployment(name);
        try
        {
            (await deployment.IloraAsync("topics", "create")).Succeeded();
            (await deployment.IloraAsync("items", "import", Sample.Items, "--format", "tsv")).Succeeded();
            await Task.WhenAll(deployment.Workers.Select(worker => worker.StartAsync()));
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>The command line, on this deployment's servers and prefix.</summary>
    public Task<ToolResult> IloraAsync(params IEnumerable<string> arguments) =>
        Tool.RunAsync(Programs.Of("ILoRA.Streaming.Cli"), [.. arguments, "--bootstrap", Bootstrap, "--redis", Redis], environment);

    /// <summary>Follows one of the deployment's topics from its first record.</summary>
    public TopicLog Read(string topic)
    {
        if (!readers.TryGetValue(topic, out var reader))
            readers[topic] = reader = new TopicLog(Bootstrap, Topic(topic));
        return reader;
    }

    /// <summary>Fails with the worker's log when one has ended by itself.</summary>
    public void EveryWorkerRuns()
    {
        foreach (var worker in Workers.Where(worker => worker.Ended))
            throw new InvalidOperationException($"{worker.Name} has ended; log:\n{worker.Log}");
    }

    public async Task StopAsync()
    {
        var codes = await Task.WhenAll(Workers.Select(worker => worker.StopAsync()));
        foreach (var (worker, code) in Workers.Zip(codes).Where(pair => pair.Second != 0))
            throw new InvalidOperationException($"{worker.Name} stopped with exit code {code}; log:\n{worker.Log}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in Workers)
            await worker.DisposeAsync();
        foreach (var reader in readers.Values)
            reader.Dispose();
        Clicks.Dispose();
    }

    WorkerProcess Worker(string service) => new(service, Bootstrap, Redis, environment);
}
