using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Tests.Kafka;

public sealed class OrderedStageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly OrderedStage stage = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_runs_one_after_the_other_in_the_order_in_which_it_was_given()
    {
        var (running, most, order) = (0, 0, new List<int>());
        var runs = Enumerable.Range(0, 100).Select(i => stage.RunAsync(async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            // Others would begin here if they could.
            await Task.Yield();
            order.Add(i);
            Interlocked.Decrement(ref running);
            return i;
        }, Cancel)).ToArray();

        Assert.Equal(Enumerable.Range(0, 100), await Task.WhenAll(runs).WaitAsync(Patience, Cancel));
        Assert.Equal(Enumerable.Range(0, 100), order);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Work_does_not_begin_before_the_work_before_it_has_ended()
    {
        var first = new Step();
        var second = new Step();
        var runs = Run(first, second);
        await first.Begun.WaitAsync(Patience, Cancel);
        Assert.False(second.Begun.IsCompleted);

        first.End();

        await second.Begun.WaitAsync(Patience, Cancel);
        Assert.True(runs[0].IsCompletedSuccessfully);
        second.End();
        await runs[1].WaitAsync(Patience, Cancel);
    }

    [Fact]
    public async Task The_caller_is_not_held_up_by_work_that_awaits_nothing()
    {
        using var hold = new ManualResetEventSlim();

        var run = stage.RunAsync(() => Task.FromResult(hold.Wait(Patience, Cancel)), Cancel);
        // Never reached in time where the work runs in the call itself.
        hold.Set();

        Assert.True(await run.WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task Two_stages_overlap_and_each_keeps_the_order()
    {
        var later = new OrderedStage();
        Step[] early = [new(), new()], late = [new(), new()];
        var ends = new Task[2];
        for (var batch = 0; batch < 2; batch++)
        {
            var (before, after) = (early[batch], late[batch]);
            var first = stage.RunAsync(before.RunAsync, Cancel);
            ends[batch] = later.RunAsync(async () =>
            {
                await first;
                await after.RunAsync();
            }, Cancel);
        }
        early[0].End();

        // The first batch is in the second stage while the second one is in the first.
        await Task.WhenAll(late[0].Begun, early[1].Begun).WaitAsync(Patience, Cancel);
        early[1].End();
        await early[1].Ended.WaitAsync(Patience, Cancel);
        Assert.False(late[1].Begun.IsCompleted);

        late[0].End();
        late[1].End();
        await Task.WhenAll(ends).WaitAsync(Patience, Cancel);
    }

    [Fact]
    public async Task A_failure_fails_everything_after_it_with_its_exception_and_none_of_that_runs()
    {
        Step before = new(), failing = new(), after = new(), last = new();
        var runs = Run(before, failing, after, last);
        before.End();
        failing.Fail(new InvalidOperationException("the second"));

        await runs[0].WaitAsync(Patience, Cancel);
        foreach (var run in runs[1..])
            Assert.Equal("the second", (await FailureAsync(run)).Message);
        Assert.False(after.Begun.IsCompleted);
        Assert.False(last.Begun.IsCompleted);
    }

    [Fact]
    public async Task Work_that_throws_before_it_awaits_fails_its_task_and_not_the_caller()
    {
        var failed = stage.RunAsync((Func<Task>)(() => throw new InvalidOperationException("at once")), Cancel);
        var after = Run(new Step())[0];

        Assert.Equal("at once", (await FailureAsync(failed)).Message);
        await FailureAsync(after);
    }

    [Fact]
    public async Task A_failure_of_an_earlier_stage_passes_through_the_later_one()
    {
        var later = new OrderedStage();
        var ran = false;
        var first = stage.RunAsync(() => Task.FromException<int>(new InvalidOperationException("first stage")), Cancel);

        var second = later.RunAsync(async () => ran = await first > 0, Cancel);
        var third = later.RunAsync(() => Task.FromResult(ran = true), Cancel);

        foreach (var run in new Task[] { second, third })
            Assert.Equal("first stage", (await FailureAsync(run)).Message);
        Assert.False(ran);
    }

    [Fact]
    public async Task Cancellation_ends_what_has_not_begun_without_running_it()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Step running = new(), waiting = new(), after = new();
        var first = stage.RunAsync(running.RunAsync, stop.Token);
        var second = stage.RunAsync(waiting.RunAsync, stop.Token);
        var third = stage.RunAsync(after.RunAsync, Cancel);
        await running.Begun.WaitAsync(Patience, Cancel);

        await stop.CancelAsync();
        running.End();

        // What has begun decides itself how it takes the cancellation.
        await first.WaitAsync(Patience, Cancel);
        foreach (var run in new[] { second, third })
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Patience, Cancel));
        Assert.True(second.IsCanceled);
        Assert.False(waiting.Begun.IsCompleted);
        Assert.False(after.Begun.IsCompleted);
    }

    private static Task<InvalidOperationException> FailureAsync(Task run) =>
        Assert.ThrowsAsync<InvalidOperationException>(() => run.WaitAsync(Patience, Cancel));

    private Task[] Run(params Step[] steps) => [.. steps.Select(step => stage.RunAsync(step.RunAsync, Cancel))];

    /// <summary>Work that tells of its beginning and ends when the test says so.</summary>
    private sealed class Step
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => begun.Task;

        public Task Ended => end.Task;

        public Task RunAsync()
        {
            begun.TrySetResult();
            return end.Task;
        }

        public void End() => end.TrySetResult();

        public void Fail(Exception failure) => end.TrySetException(failure);
    }
}
