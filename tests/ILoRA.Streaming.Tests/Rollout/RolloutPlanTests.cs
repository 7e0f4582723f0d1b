using CsCheck;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Rollout;

namespace ILoRA.Streaming.Tests.Rollout;

public sealed class RolloutPlanTests
{
    private const int Users = 20_000;

    [Fact]
    public void Arms_take_users_in_proportion_to_their_shares()
    {
        var plan = Plan("salt", ("control", 2_000), ("b", 3_000), ("c", 5_000));
        var counts = Assigned(plan).CountBy(arm => arm).ToDictionary();
        // Chi-square of 3 arms: above 13.8 once in 1,000 salts.
        Assert.True(
            plan.Arms.Sum(
                arm => Math.Pow(counts[arm.Name.Value] - Users * arm.BasisPoints / 10_000.0, 2)
                    / (Users * arm.BasisPoints / 10_000.0)) < 13.8);
    }

    [Fact]
    public void Moving_an_arm_by_one_percent_moves_about_one_percent_of_the_users_and_only_into_it() =>
        Gen.Int[0, 1_000_000].Sample(salt =>
        {
            var before = Assigned(Plan($"s{salt}", ("a", 2_000), ("b", 3_000), ("c", 5_000)));
            var after = Assigned(Plan($"s{salt}", ("a", 2_000), ("b", 3_100), ("c", 4_900)));
            var moved = before.Zip(after).Where(pair => pair.First != pair.Second).ToArray();
            return moved.All(pair => pair is { First: "c", Second: "b" })
                && moved.Length is > Users / 100 * 6 / 10 and < Users / 100 * 14 / 10;
        }, iter: 10, threads: 1);

    [Theory]
    [InlineData("ann")]
    [InlineData("bob")]
    [InlineData("carol")]
    public void The_hash_place_of_a_user_decides_the_arm(string user)
    {
        var place = GrowthBookHash.Bucket("s", user);
        Assert.Equal("first", Plan("s", ("first", place + 1), ("second", 9_999 - place)).Assign(new(user)).Name.Value);
        Assert.Equal("second", Plan("s", ("first", place), ("second", 10_000 - place)).Assign(new(user)).Name.Value);
    }

    [Fact]
    public void Another_salt_draws_again_independently()
    {
        var same =
            Assigned(Plan("one", ("a", 5_000), ("b", 5_000))).Zip(Assigned(Plan("two", ("a", 5_000), ("b", 5_000))))
                .Count(pair => pair.First == pair.Second);
        Assert.InRange(same, Users * 0.48, Users * 0.52);
    }

    [Fact]
    public void An_arm_without_a_share_gets_nobody() => Assert.DoesNotContain("b", Assigned(Plan("s", ("a", 10_000), ("b", 0))));

    [Fact]
    public void The_default_plan_serves_the_newest_online_version_to_everyone()
    {
        RolloutPlan.Default.Check();
        var arm = RolloutPlan.Default.Assign(new("anyone"));
        Assert.Equal(("online", "online", null), (arm.Name.Value, arm.Line.Value, arm.Version));
    }

    [Theory]
    [InlineData(9_999)]
    [InlineData(10_001)]
    public void Shares_must_sum_to_all_users(int share) =>
        Assert.Contains("10000", Assert.Throws<PoisonException>(Plan("s", ("a", share)).Check).Message, StringComparison.Ordinal);

    [Fact]
    public void Arms_must_differ_in_name() =>
        Assert.Contains("unique", Assert.Throws<PoisonException>(Plan("s", ("a", 5_000), ("a", 5_000)).Check).Message,
            StringComparison.Ordinal);

    internal static RolloutPlan Plan(string salt, params (string Arm, int Share)[] arms) => RolloutPlan.Default with
    {
        Salt = salt,
        Arms = [.. arms.Select(arm => new Arm { Name = new(arm.Arm), Line = new("online"), Version = null, BasisPoints = arm.Share })],
    };

    private static string[] Assigned(RolloutPlan plan) =>
        [.. Enumerable.Range(0, Users).Select(user => plan.Assign(new($"user-{user}")).Name.Value)];
}
