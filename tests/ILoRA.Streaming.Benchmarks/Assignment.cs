using BenchmarkDotNet.Attributes;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Rollout;

namespace ILoRA.Streaming.Benchmarks;

/// <summary>Measures the assignment of a user to an arm of a rollout plan.</summary>
[MemoryDiagnoser]
public class Assignment
{
    private static readonly UserId User = new("user-0123456789");
    private readonly RolloutPlan plan = RolloutPlan.Default with
    {
        Salt = "summer",
        Arms =
        [
            new Arm { Name = new ArmName("a"), Line = new LineName("online"), Version = null, BasisPoints = 5_000 },
            new Arm { Name = new ArmName("b"), Line = new LineName("frozen"), Version = null, BasisPoints = 5_000 },
        ],
    };

    [Benchmark(Baseline = true)]
    public int Hash() => GrowthBookHash.Bucket("summer", User.Value);

    [Benchmark]
    public Arm Arm() => plan.Assign(User);
}
