using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ILoRA.Streaming.IntegrationTests.Retail;

namespace ILoRA.Streaming.IntegrationTests.Workers;

/// <summary>
/// The likely mistakes, on every program: one line that names the value and the remedy, and the exit code; no stack trace.
/// </summary>
public sealed partial class MistakesTests
{
    private const string Ingest = "ilora-ingest", Inference = "ilora-inference", Trainer = "ilora-trainer", Ilora = "ilora",
        Local = "ilora-local";

    // Nobody listens at port 1. {port} is a port in use, {file} an existing file, {backbone} and {clicks} those of the sample.
    private const string NoServers = "--bootstrap 127.0.0.1:1 --redis 127.0.0.1:1,connectTimeout=500";

    [Theory]
    [InlineData(Ingest, NoServers + " --Kafka:RetryBudget 00:00:02", 1, "no answer from 127.0.0.1:1")]
    [InlineData(Inference, NoServers + " --Kafka:RetryBudget 00:00:02 --Inference:Backbone {backbone}", 1, "no answer from 127.0.0.1:1")]
    [InlineData(Trainer, NoServers + " --Kafka:RetryBudget 00:00:02 --Trainer:Backbone {backbone}", 1, "no answer from 127.0.0.1:1")]
    [InlineData(Ilora, "adapters list --bootstrap 127.0.0.1:1", 1,
        "Kafka: no answer from 127.0.0.1:1 in 5 s; name other brokers with --bootstrap.")]
    [InlineData(Ilora, "rollout show --redis 127.0.0.1:1 --bootstrap 127.0.0.1:1", 1, "no answer from 127.0.0.1:1")]
    [InlineData(Local, "--bootstrap 127.0.0.1:1 --duration 5", 1, "Kafka at 127.0.0.1:1 cannot be reached")]
    [InlineData(Local, "--redis 127.0.0.1:1 --duration 5", 1, "Redis at 127.0.0.1:1 cannot be reached")]
    public Task A_server_that_is_down(string program, string arguments, int code, string message) =>
        FailsAsync(program, arguments, code, message);

    [Theory]
    [InlineData(Inference, "--Inference:Backbone /nowhere", 2,
        "Inference:Backbone: /nowhere does not exist; a backbone is a Hugging Face folder")]
    [InlineData(Inference, "", 2, "Inference:Backbone is not set; give the backbone's folder or GGUF file.")]
    [InlineData(Trainer, "--Trainer:Backbone /nowhere", 2,
        "Trainer:Backbone: /nowhere does not exist; a backbone is a Hugging Face folder")]
    [InlineData(Local, "--snapshot /nowhere --duration 5", 2, "--snapshot: there is no folder /nowhere.")]
    [InlineData(Ilora, "adapters publish /nowhere --line online", 2, "/nowhere")]
    public Task A_wrong_folder(string program, string arguments, int code, string message) => FailsAsync(program, arguments, code, message);

    [Theory]
    [InlineData(Inference, "--Inference:Backbone {file}", 2, "{file}")]
    [InlineData(Trainer, "--Trainer:Backbone {file} " + NoServers + " --Kafka:RetryBudget 00:00:02", 1, "no answer from 127.0.0.1:1")]
    [InlineData(Ilora, "items import /nowhere.csv", 2, "File does not exist: '/nowhere.csv'")]
    [InlineData(Ilora, "items import /", 2, "'/' is a folder; give the file itself")]
    [InlineData(Local, "--items /nowhere.csv --clicks {clicks}", 2, "--items: there is no file /nowhere.csv.")]
    public Task A_wrong_file(string program, string arguments, int code, string message) => FailsAsync(program, arguments, code, message);

    [Theory]
    [InlineData(Ingest, "--bootstrp a:1", 2, "unknown flag '--bootstrp'; did you mean '--bootstrap'?")]
    [InlineData(Inference, "--bootstrp a:1", 2, "unknown flag '--bootstrp'; did you mean '--bootstrap'?")]
    [InlineData(Trainer, "--bootstrp a:1", 2, "unknown flag '--bootstrp'; did you mean '--bootstrap'?")]
    [InlineData(Ilora, "adapters list --bootstrp a:1", 2, "unknown option '--bootstrp'; did you mean '--bootstrap'?")]
    [InlineData(Local, "--sped 3", 2, "unknown option '--sped'; did you mean '--speed'?")]
    public Task A_misspelt_option(string program, string arguments, int code, string message) =>
        FailsAsync(program, arguments, code, message);

    [Theory]
    [InlineData(Ingest, "--Infrence:Backbone /x", 2, "unknown setting 'Infrence:Backbone' ('/x'); did you mean 'Inference:Backbone'?")]
    [InlineData(Inference, "--Kafka:Cleint:foo bar", 2, "unknown setting 'Kafka:Cleint:foo' ('bar'); did you mean 'Kafka:Client:foo'?")]
    [InlineData(Trainer, "--Trainer:Lerning:Seed 3", 2,
        "unknown setting 'Trainer:Lerning:Seed' ('3'); did you mean 'Trainer:Learning:Seed'?")]
    [InlineData(Ilora, "ILORA__Kafka__Bootstarp=a:1 adapters list", 2,
        "unknown setting 'Kafka:Bootstarp' ('a:1'); did you mean 'Kafka:Bootstrap'?")]
    [InlineData(Local, "ILORA__Infrence__Threads=2 --duration 5", 2, "unknown setting 'Infrence:Threads' ('2'); did you mean 'Inference:")]
    public Task A_misspelt_setting(string program, string arguments, int code, string message) =>
        FailsAsync(program, arguments, code, message);

    [Theory]
    [InlineData(Ingest, "--Kafka:Client:foo bar", 2, "Kafka:Client: No such configuration property: \"foo\"")]
    [InlineData(Inference, "--Kafka:Client:acks 0", 2, "Kafka:Client:acks cannot be set ('0' was given)")]
    [InlineData(Trainer, "--Kafka:Client:foo bar --Trainer:Backbone {backbone}", 2,
        "Kafka:Client: No such configuration property: \"foo\"")]
    [InlineData(Ilora, "ILORA__Kafka__Client__foo=bar adapters list", 2, "Kafka:Client: No such configuration property: \"foo\"")]
    [InlineData(Local, "ILORA__Kafka__Client__foo=bar --duration 5", 2, "Kafka:Client: No such configuration property: \"foo\"")]
    public Task A_bad_client_property(string program, string arguments, int code, string message) =>
        FailsAsync(program, arguments, code, message);

    [Theory]
    [InlineData(Ingest, "--Kafka:MaxBatch abc")]
    [InlineData(Inference, "--Kafka:MaxBatch abc --Inference:Backbone {backbone}")]
    [InlineData(Trainer, "--Kafka:MaxBatch abc --Trainer:Backbone {backbone}")]
    [InlineData(Ilora, "ILORA__Kafka__MaxBatch=abc adapters list")]
    [InlineData(Local, "ILORA__Kafka__MaxBatch=abc --duration 5")]
    public Task A_value_that_is_no_number(string program, string arguments) =>
        FailsAsync(program, arguments, 2, "setting 'Kafka:MaxBatch' is 'abc'; it must be a whole number.");

    [Theory]
    [InlineData(Ingest, "--port {port}")]
    [InlineData(Inference, "--port {port} --Inference:Backbone {backbone}")]
    [InlineData(Trainer, "--port {port} --Trainer:Backbone {backbone}")]
    [InlineData(Local, "ILORA__Host__Port={port} --duration 5")]
    public Task A_port_in_use(string program, string arguments) =>
        FailsAsync(program, arguments, 1,
            "127.0.0.1:{port} cannot be opened for health and metrics (Address already in use); give another --port.");

    [Theory]
    [InlineData(Trainer, "--Snapshots:Store Files --Snapshots:Folder {file}/x --Trainer:Backbone {backbone}",
        "Snapshots:Folder '{file}/x' cannot be written")]
    [InlineData(Ilora, "fit all --items {clicks} --clicks {clicks} --out {file}/x", "--out '{file}/x' cannot be written")]
    [InlineData(Local, "--data {file}/x --duration 5", "--data '{file}/x' cannot be written")]
    public Task A_folder_that_cannot_be_written(string program, string arguments, string message) =>
        FailsAsync(program, arguments, 2, message);

    /// <summary>
    /// Runs the program; its last line of errors is <paramref name="message"/>, what stands above it are lines of its log.
    /// </summary>
    private static async Task FailsAsync(string program, string arguments, int code, string message)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var file = Path.GetTempFileName();
        string Filled(string text) => text.Replace("{port}", $"{((IPEndPoint)taken.LocalEndpoint).Port}", StringComparison.Ordinal)
            .Replace("{file}", file, StringComparison.Ordinal).Replace("{backbone}", Sample.Backbone, StringComparison.Ordinal)
            .Replace("{clicks}", Sample.Clicks, StringComparison.Ordinal);
        var words = Filled(arguments).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var variables =
            words.TakeWhile(word => word.StartsWith("ILORA__", StringComparison.Ordinal)).Select(word => word.Split('=', 2))
                .ToDictionary(pair => pair[0], pair => pair[1]);

        var run = await Tool.RunAsync(Programs.Of(ProjectOf(program)), words.Skip(variables.Count), variables);
        File.Delete(file);

        var lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((code, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(program, lines[^1], StringComparison.Ordinal);
        Assert.Contains(Filled(message), lines[^1], StringComparison.Ordinal);
        Assert.All(lines[..^1], line => Assert.Matches(LogLine(), line));
    }

    private static string ProjectOf(string program) => program switch
    {
        Ingest => "ILoRA.Streaming.Ingest.Worker",
        Inference => "ILoRA.Streaming.Inference.Worker",
        Trainer => "ILoRA.Streaming.Trainer.Worker",
        Ilora => "ILoRA.Streaming.Cli",
        _ => "ILoRA.Streaming.Local",
    };

    [GeneratedRegex(@"^(\d\d:\d\d:\d\d (info|warn): |warn: )")]
    private static partial Regex LogLine();
}
