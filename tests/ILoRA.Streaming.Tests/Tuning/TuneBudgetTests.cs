using ILoRA.Streaming.Training.Tuning;

namespace ILoRA.Streaming.Tests.Tuning;

public sealed class TuneBudgetTests
{
    [Theory]
    [InlineData(100, 0.25, 25)]
    [InlineData(100, 0.001, 1)]
    public void A_share_of_the_steps_is_rounded_and_at_least_one(int all, double share, int steps) =>
        Assert.Equal(steps, new TuneBudget(TimeSpan.FromHours(1), all).Part(share).Steps);

    [Fact]
    public void Without_steps_the_time_is_shared() =>
        Assert.Equal(new TuneBudget(TimeSpan.FromMinutes(15), null), new TuneBudget(TimeSpan.FromHours(1), null).Part(0.25));
}
