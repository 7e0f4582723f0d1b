using ILoRA.Streaming.Sequences;

namespace ILoRA.Streaming.Tests.Sequences;

public sealed class ProgressTests
{
    [Fact]
    public void A_first_start_reads_and_emits_from_the_beginning() =>
        Assert.Equal(new ResumePoint(new(1, 5), Start: 5, EmitFrom: 5, Lost: false), Progress.Resume(null, null, low: 5, high: 90));

    [Fact]
    public void A_restart_reads_on_at_the_commit() =>
        Assert.Equal(new ResumePoint(new(1, 60), Start: 50, EmitFrom: 0, Lost: false), Progress.Resume(50, new(1, 60), low: 0, high: 90));

    [Fact]
    public void A_store_without_progress_is_rebuilt_and_emits_from_the_commit_on() =>
        Assert.Equal(new ResumePoint(new(1, 0), Start: 0, EmitFrom: 50, Lost: true), Progress.Resume(50, null, low: 0, high: 90));

    [Fact]
    public void A_store_behind_the_commit_is_caught_up_and_emits_from_the_commit_on() =>
        Assert.Equal(new ResumePoint(new(1, 40), Start: 40, EmitFrom: 50, Lost: true), Progress.Resume(50, new(1, 40), low: 0, high: 90));

    [Theory]
    [InlineData(49, false)]
    [InlineData(50, false)]
    [InlineData(51, true)]
    public void Data_is_lost_only_when_the_commit_is_ahead_of_the_store(long committed, bool lost) =>
        Assert.Equal(lost, Progress.Resume(committed, new(1, 50), low: 0, high: 90).Lost);

    [Fact]
    public void A_rebuild_begins_where_the_log_still_does() =>
        Assert.Equal(30, Progress.Resume(50, new(1, 10), low: 30, high: 90).Start);

    [Fact]
    public void A_log_shorter_than_what_was_applied_is_a_new_one_and_gets_the_next_epoch() =>
        Assert.Equal(new ResumePoint(new(2, 0), Start: 0, EmitFrom: 0, Lost: false), Progress.Resume(50, new(1, 60), low: 0, high: 10));

    [Fact]
    public void A_group_that_forgot_its_commit_reads_all_and_emits_all() =>
        Assert.Equal(new ResumePoint(new(1, 60), Start: 0, EmitFrom: 0, Lost: false), Progress.Resume(null, new(1, 60), low: 0, high: 90));
}
