using ILoRA.Streaming.Training.Worker;
using Microsoft.Extensions.Time.Testing;

namespace ILoRA.Streaming.Tests.Worker;

public sealed class PublishScheduleTests
{
    private readonly FakeTimeProvider time = new();

    [Theory]
    [InlineData(9, 63, false)]
    [InlineData(9, 64, false)]
    [InlineData(10, 63, false)]
    [InlineData(10, 64, true)]
    [InlineData(0, 20_000, true)]
    public void A_version_is_due_after_its_time_with_enough_samples_or_at_once_with_many(int seconds, long samples, bool due)
    {
        var schedule = new PublishSchedule(new TrainerOptions(), time);
        time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(due, schedule.IsDue(samples));
    }

    [Fact]
    public void The_time_begins_anew_with_each_version()
    {
        var schedule = new PublishSchedule(new TrainerOptions(), time);
        time.Advance(TimeSpan.FromSeconds(10));

        schedule.Begin();

        Assert.False(schedule.IsDue(64));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(schedule.IsDue(64));
    }
}
