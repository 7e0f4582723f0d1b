using System.Net;
using System.Net.Sockets;
using ILoRA.Streaming.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ILoRA.Streaming.Tests.Hosting;

public sealed class HostFlagsTests
{
    [Theory]
    [InlineData("--bootstrap", "a:1")]
    [InlineData("--redis=b:2")]
    [InlineData("--namespace", "eu.")]
    [InlineData("--Kafka:Partitions", "3", "--port=0")]
    public void Known_flags_and_settings_pass(params string[] flags) => Assert.Null(HostFlags.Mistake(flags));

    [Theory]
    [InlineData("--bootstrp", "unknown flag '--bootstrp'")]
    [InlineData("stray", "unknown flag 'stray'")]
    [InlineData("--redis", "--redis needs a value")]
    public void A_mistake_is_named(string flag, string message) =>
        Assert.StartsWith(message, HostFlags.Mistake([flag]), StringComparison.Ordinal);

    [Fact]
    public async Task A_bad_flag_ends_with_2() => Assert.Equal(2, await StreamHost.RunAsync(["--nope"], "ilora-test", (_, _) => { }));

    [Fact]
    public async Task Help_ends_with_0() => Assert.Equal(0, await StreamHost.RunAsync(["--help"], "ilora-test", (_, _) => { }));

    [Fact]
    public async Task A_setting_out_of_range_ends_with_2() =>
        Assert.Equal(2, await StreamHost.RunAsync(["--Kafka:MaxBatch=0"], "ilora-test", (_, _) => { }));

    [Theory]
    [InlineData("--Kafka:Client:compresion.type=gzip")]
    [InlineData("--Kafka:Client:compression.type=rubbish")]
    [InlineData("--Kafka:FetchWait=-00:00:01")]
    [InlineData("--Kafka:RetryBudget=120")]
    [InlineData("--Kafka:RetryBudget=soon")]
    [InlineData("--Host:Address=localhostt")]
    public async Task A_value_that_cannot_be_used_ends_with_2(string flag) =>
        Assert.Equal(2, await StreamHost.RunAsync([flag], "ilora-test", (_, _) => { }));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("0.0.0.0")]
    [InlineData("*")]
    public async Task A_port_that_is_taken_ends_with_1_before_anything_is_started_or_logged(string address)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (log, started) = (new FakeLogCollector(), new Started());

        var code = await StreamHost.RunAsync([$"--port={port}", $"--Host:Address={address}"], "ilora-test", (services, _) => services
            .AddSingleton<ILoggerProvider>(new FakeLoggerProvider(log)).AddSingleton<IHostedService>(started));

        Assert.Equal((1, false), (code, started.Is));
        Assert.Empty(log.GetSnapshot());
    }

    [Fact]
    public void The_refusal_of_a_port_names_it_and_what_helps()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var refusal = HealthPort.Refusal(new HostingOptions { Port = port });

        Assert.StartsWith($"127.0.0.1:{port} cannot be opened for health and metrics (", refusal, StringComparison.Ordinal);
        Assert.EndsWith("give another --port.", refusal, StringComparison.Ordinal);
        taken.Stop();
        Assert.Null(HealthPort.Refusal(new HostingOptions { Port = port }));
    }

    [Fact]
    public void Flags_win_over_the_environment()
    {
        Environment.SetEnvironmentVariable("ILORA__Kafka__Bootstrap", "environment:1");
        Environment.SetEnvironmentVariable("ILORA__Redis__Connection", "environment:2");
        try
        {
            var configuration = StreamHost.CreateBuilder(["--bootstrap", "flag:1"], "ilora-test").Configuration;

            Assert.Equal("flag:1", configuration["Kafka:Bootstrap"]);
            Assert.Equal("environment:2", configuration["Redis:Connection"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("ILORA__Kafka__Bootstrap", null);
            Environment.SetEnvironmentVariable("ILORA__Redis__Connection", null);
        }
    }

    private sealed class Started : IHostedService
    {
        public bool Is { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Is = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
