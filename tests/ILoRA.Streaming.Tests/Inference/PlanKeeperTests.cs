using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Serving;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Rollout;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ILoRA.Streaming.Tests.Inference;

public sealed class PlanKeeperTests : IDisposable
{
    private readonly HashSet<string> broken = [], absent = [];
    private readonly FakeTimeProvider time = new();
    private readonly List<string> loaded = [];
    private readonly PlanKeeper keeper;

    public PlanKeeperTests() => keeper = new PlanKeeper(Load, time, NullLogger<PlanKeeper>.Instance);

    [Fact]
    public async Task Nothing_is_served_before_the_line_has_a_version()
    {
        await Follow(Plan(1, ("online", null)));

        Assert.Null(keeper.Current);
    }

    [Fact]
    public async Task Newest_arm_follows_each_announced_version()
    {
        var plan = Plan(1, ("online", null));
        await Follow(plan, ("online", 1));
        await Follow(plan, ("online", 1), ("online", 2));

        Assert.Equal("online-000002", Served());
        Assert.Equal(["online/online-000001", "online/online-000002"], loaded);
    }

    [Fact]
    public async Task Refused_version_leaves_the_previous_one_in_service()
    {
        var plan = Plan(1, ("online", null));
        broken.Add("online/online-000002");
        await Follow(plan, ("online", 1));
        await Follow(plan, ("online", 1), ("online", 2));

        Assert.Equal("online-000001", Served());
        Assert.Contains("online/online-000002", keeper.Status.Refused.Keys);
    }

    [Fact]
    public async Task Refused_version_is_not_loaded_again()
    {
        var plan = Plan(1, ("online", null));
        broken.Add("online/online-000001");
        await Follow(plan, ("online", 1));
        await Follow(plan, ("online", 1));

        Assert.Equal(["online/online-000001"], loaded);
    }

    [Fact]
    public async Task Plan_with_one_missing_arm_is_not_served_at_all()
    {
        await Follow(Plan(1, ("online", null)), ("online", 1));
        await Follow(Plan(2, ("online", null), ("trial", null)), ("online", 1));

        Assert.Equal(1, keeper.Current!.Plan.Revision);
    }

    [Fact]
    public async Task Plan_that_pins_a_refused_version_leaves_the_previous_plan_in_service()
    {
        broken.Add("trial/trial-000001");
        await Follow(Plan(1, ("online", null)), ("online", 1));
        await Follow(Plan(2, ("online", null), ("trial", 1)), ("online", 1), ("trial", 1));

        Assert.Equal(1, keeper.Current!.Plan.Revision);
        Assert.Equal("online-000001", Served());
    }

    [Fact]
    public async Task Pinned_arm_stays_when_newer_versions_come()
    {
        await Follow(Plan(1, ("online", 1)), ("online", 1), ("online", 2));

        Assert.Equal("online-000001", Served());
    }

    [Fact]
    public async Task Version_in_use_is_freed_when_its_last_lease_ends()
    {
        var plan = Plan(1, ("online", null));
        await Follow(plan, ("online", 1));
        var lease = keeper.Lease(new UserId("u"))!;
        await Follow(plan, ("online", 2));

        Assert.True(lease.Version.TryHold());
        lease.Version.Release();
        lease.Dispose();
        Assert.False(lease.Version.TryHold());
        Assert.Equal("online-000002", keeper.Lease(new UserId("u"))!.Version.Version.Value);
    }

    [Fact]
    public async Task Shadow_lines_are_loaded_and_a_missing_one_does_not_delay_the_plan()
    {
        var plan = Plan(1, ("online", null)) with { Shadow = [new LineName("encoder"), new LineName("frozen"), new LineName("absent")] };
        await Follow(plan, ("online", 1), ("frozen", 1));

        Assert.Equal([new LineName("frozen")], keeper.Current!.Shadows.Keys);
    }

    [Fact]
    public async Task Plan_that_is_not_served_is_pending_with_the_reason_until_a_plan_is_served()
    {
        await Follow(Plan(1, ("online", null)), ("online", 1));
        Assert.Null(keeper.Status.Pending);

        await Follow(Plan(2, ("online", null), ("trial", null)), ("online", 1));
        Assert.Equal(new PendingPlan(RolloutPlan.Default.Rollout, 2, "arm trial follows line trial, which has no usable version"),
            keeper.Status.Pending);

        await Follow(Plan(3, ("online", null), ("trial", null)), ("online", 1), ("trial", 1));
        Assert.Null(keeper.Status.Pending);
        Assert.Equal(3, keeper.Status.Served!.Plan.Revision);
    }

    [Fact]
    public async Task Returning_to_the_plan_that_is_served_leaves_nothing_pending()
    {
        var served = Plan(1, ("online", null));
        await Follow(served, ("online", 1));
        await Follow(Plan(2, ("trial", null)), ("online", 1));
        await Follow(served, ("online", 1));

        Assert.Null(keeper.Status.Pending);
    }

    [Fact]
    public async Task Next_change_completes_when_the_status_changes()
    {
        var change = keeper.NextChange;
        Assert.False(change.IsCompleted);
        await Follow(Plan(1, ("online", null)), ("online", 1));

        Assert.True(change.IsCompleted);
        change = keeper.NextChange;
        await Follow(keeper.Current!.Plan, ("online", 1));
        Assert.False(change.IsCompleted);
    }

    [Fact]
    public async Task Refused_version_that_was_withdrawn_is_removed_from_the_status()
    {
        var plan = Plan(1, ("online", null));
        broken.Add("online/online-000002");
        await Follow(plan, ("online", 1), ("online", 2));
        await Follow(plan, ("online", 1), ("online", 3));

        Assert.Empty(keeper.Status.Refused);
    }

    [Fact]
    public async Task Version_whose_parts_are_missing_is_pending_and_served_once_they_are_there()
    {
        var plan = Plan(1, ("online", 1));
        absent.Add("online/online-000001");
        await Follow(plan, ("online", 1));

        var pending = new PendingPlan(RolloutPlan.Default.Rollout, 1, "part 'gate' is not in the store");
        Assert.Equal((null, pending), (keeper.Current, keeper.Status.Pending));
        Assert.Empty(keeper.Status.Refused);

        absent.Clear();
        await Follow(plan, ("online", 1));
        Assert.Equal("online-000001", Served());
        Assert.Null(keeper.Status.Pending);
    }

    [Fact]
    public async Task Missing_parts_are_retried_after_thirty_seconds_and_the_status_does_not_change_meanwhile()
    {
        var plan = Plan(1, ("online", null));
        absent.Add("online/online-000001");
        await Follow(plan, ("online", 1));
        var (change, next) = (keeper.NextChange, keeper.NextTry);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await next.WaitAsync(TestContext.Current.CancellationToken);

        await Follow(plan, ("online", 1));
        Assert.Equal(["online/online-000001", "online/online-000001"], loaded);
        Assert.False(change.IsCompleted);

        absent.Clear();
        await Follow(plan, ("online", 1));
        next = keeper.NextTry;
        time.Advance(TimeSpan.FromHours(1));
        Assert.False(next.IsCompleted);
    }

    [Fact]
    public async Task Older_version_serves_while_parts_of_the_newest_are_missing()
    {
        var plan = Plan(1, ("online", null));
        absent.Add("online/online-000002");
        await Follow(plan, ("online", 1), ("online", 2));
        Assert.Equal("online-000001", Served());
        Assert.Equal("part 'gate' is not in the store", keeper.Status.Pending?.Reason);

        absent.Clear();
        await Follow(plan, ("online", 1), ("online", 2));
        Assert.Equal("online-000002", Served());
        Assert.Null(keeper.Status.Pending);
    }

    public void Dispose() => keeper.Dispose();

    private string Served() => keeper.Current!.Arms[new ArmName("online")].Version.Value;

    private Task Follow(RolloutPlan plan, params (string Line, int Number)[] announced) =>
        keeper.FollowAsync(plan, [.. announced.Select(version => SmallVersion.Manifest(version.Line, version.Number))],
            TestContext.Current.CancellationToken);

    private Task<ServedVersion> Load(AdapterManifest manifest, CancellationToken cancel)
    {
        loaded.Add(manifest.Key);
        if (absent.Contains(manifest.Key))
            throw new MissingPartException("part 'gate' is not in the store");
        return broken.Contains(manifest.Key)
            ? throw new InvalidDataException("part 'gate' has another sha256") : Task.FromResult(SmallVersion.Of(manifest));
    }

    private static RolloutPlan Plan(int revision, params (string Line, int? Pinned)[] arms) => RolloutPlan.Default with
    {
        Revision = revision,
        Arms =
        [
            .. arms.Select((arm, i) => new Arm
            {
                Name = new ArmName(arm.Line),
                Line = new LineName(arm.Line),
                Version = arm.Pinned is { } number ? SmallVersion.Manifest(arm.Line, number).Version : null,
                BasisPoints = i == 0 ? RolloutPlan.WholeTraffic - 100 * (arms.Length - 1) : 100,
            }),
        ],
    };
}
