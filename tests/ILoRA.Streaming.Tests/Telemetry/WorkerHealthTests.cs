using ILoRA.Streaming.Telemetry;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ILoRA.Streaming.Tests.Telemetry;

public sealed class WorkerHealthTests
{
    private readonly WorkerHealth health = new(TimeProvider.System, SilentDependencies.Create());

    [Fact]
    public void All_reasons_are_given_by_worker()
    {
        health.Waiting("b", "loading");
        health.Waiting("a", "reading");
        Assert.Equal("a: reading; b: loading", health.Ready().Description);

        health.Waiting("a", null);
        health.Waiting("b", null);
        Assert.Equal(HealthStatus.Healthy, health.Ready().Status);
    }

    [Fact]
    public async Task Health_can_be_asked_while_workers_start_and_end()
    {
        var changing = Task.Run(() =>
        {
            for (var round = 0; round < 200_000; round++)
                health.Waiting($"worker {round % 7}", round % 2 == 0 ? "loading" : null);
        }, TestContext.Current.CancellationToken);
        while (!changing.IsCompleted)
            health.Ready();
        await changing;
    }
}
