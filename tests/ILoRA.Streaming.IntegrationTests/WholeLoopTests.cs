using ILoRA.Streaming.Events;
using ILoRA.Streaming.IntegrationTests.Retail;
using ILoRA.Streaming.IntegrationTests.Workers;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests;

[Collection(RealServersCollection.Name)]
public sealed class WholeLoopTests
{
    const int Clicks = 20_000;
    const int Later = 500;
    const int Capacity = 50;

    [Fact]
    public async Task Real_clicks_are_applied_once_recommended_for_and_learned_from_and_a_restart_resumes()
    {
        RealServersCollection.Required();
        await using var deployment = await Deployment.StartAsync("loop");
        var check = new LoopCheck(deployment, Capacity);
        var clicks = RetailClick.First(Clicks + Later);

        await deployment.Clicks.SendAsync(clicks.Take(Clicks).Select(click => click.Record));
        var sent = Clicks + await check.ATrainedVersionIsServedAsync(new ItemId(clicks[0].Item));
        await AllHoldsAsync(check, sent);

        await deployment.StopAsync();
        var before = deployment.Read("sequences").Count;
        await deployment.Clicks.SendAsync(clicks.Skip(Clicks).Select(click => click.Record));
        await Task.WhenAll(deployment.Workers.Select(worker => worker.StartAsync()));
        await AllHoldsAsync(check, sent + Later);

        // What was committed at the stop was not done again.
        Assert.Equal(before + Later, deployment.Read("sequences").Count);
    }

    [Fact]
    public async Task A_worker_killed_in_the_middle_loses_nothing_and_applies_nothing_twice()
    {
        RealServersCollection.Required();
        await using var deployment = await Deployment.StartAsync("kill");
        var check = new LoopCheck(deployment, Capacity);
        var clicks = RetailClick.First(Clicks).Select(click => click.Record).ToArray();
        var parts = clicks.Chunk(Clicks / 4).ToArray();
        var progress =
            new (WorkerProcess Worker, string Output)[] { (deployment.Ingest, "sequences"), (deployment.Inference, "recommendations"),
                (deployment.Trainer, "adapters") };

        await deployment.Clicks.SendAsync(parts[0]);
        foreach (var ((worker, output), part) in progress.Zip(parts.Skip(1)))
        {
            var done = deployment.Read(output).Count;
            var sending = deployment.Clicks.SendAsync(part);
            await Eventually.Holds($"{worker.Name} is at work", () => deployment.Read(output).Count > done, TimeSpan.FromMinutes(2),
                () => $"{done} in {output}; log:\n{worker.Log}");
            await worker.KillAsync();
            await worker.StartAsync();
            await sending;
        }
        var probes = await check.ATrainedVersionIsServedAsync(new ItemId(RetailClick.First(1)[0].Item));
        await AllHoldsAsync(check, Clicks + probes, redelivered: true);
    }

    static async Task AllHoldsAsync(LoopCheck check, int clicks, bool redelivered = false)
    {
        await check.EachClickIsAppliedOnceAsync(clicks, redelivered: redelivered);
        await check.EachUsersNewestSequenceIsRecommendedForAsync();
        await check.OffsetsAreCommittedAsync("ingest", "clicks");
        await check.OffsetsAreCommittedAsync("inference", "sequences");
        await check.OffsetsAreCommittedAsync("trainer", "sequences");
    }
}
