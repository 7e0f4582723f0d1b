using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Rollout;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>Passes changes of the rollout plan and of announced versions to the plan keeper.</summary>
public sealed class PlanFollower(PlanKeeper keeper, RolloutFeed rollouts, AdapterFeed adapters, CatalogueFeed items) : WorkerService
{
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Completes when the plan and the versions announced before the start have been loaded, as far as they can be served.
    /// </summary>
    public Task Ready => ready.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(items.CaughtUp, rollouts.CaughtUp, adapters.CaughtUp).WaitAsync(stoppingToken);
        while (true)
        {
            var change = Task.WhenAny(rollouts.NextChange, adapters.NextChange);
            await keeper.FollowAsync(rollouts.Registry.Serving, [.. adapters.Registry.Manifests], stoppingToken);
            ready.TrySetResult();
            await Task.WhenAny(change, keeper.NextTry).WaitAsync(stoppingToken);
        }
    }
}
