using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Adapters;

public sealed class LineRetentionTests
{
    private static readonly LineName Online = new("online");

    [Fact]
    public void The_newest_stay_and_what_a_plan_pins_and_other_lines()
    {
        var registry =
            Enumerable.Range(1, 6)
                .Select(number =>
                    SmallSnapshot.Manifest($"online-00000{number}",
                        minute: number) with
                    { Offsets = new Dictionary<string, long> { ["sequences-0"] = number } })
            .Append(SmallSnapshot.Manifest("online-by-hand", minute: 0)).Append(SmallSnapshot.Manifest("frozen-000001", line: "frozen"))
            .Aggregate(AdapterRegistry.Empty, (known, manifest) => known.With(manifest));
        var plan =
            RolloutPlan.Default with
            {
                Arms = [new Arm { Name = new("a"), Line = Online, Version = new("online-000002"),
                BasisPoints = RolloutPlan.WholeTraffic }]
            };

        Assert.Equal(["online-000001", "online-000003", "online-000004"],
            Names(LineRetention.Outdated(registry, RolloutRegistry.Empty.With(plan), Online, keep: 2)));
        Assert.Equal(["online-000001", "online-000002", "online-000003", "online-000004"],
            Names(LineRetention.Outdated(registry, RolloutRegistry.Empty, Online, keep: 2)));
        Assert.Empty(LineRetention.Outdated(registry, RolloutRegistry.Empty, Online, keep: 6));
    }

    private static IEnumerable<string> Names(IEnumerable<AdapterManifest> manifests) =>
        manifests.Select(manifest => manifest.Version.Value);
}
