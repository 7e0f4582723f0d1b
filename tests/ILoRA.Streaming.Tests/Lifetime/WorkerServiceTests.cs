using ILoRA.Streaming.Lifetime;

namespace ILoRA.Streaming.Tests.Lifetime;

public sealed class WorkerServiceTests
{
    [Fact]
    public async Task Work_has_ended_when_its_service_is_disposed_although_nobody_stopped_it()
    {
        using var service = new InNativeCall();
        await service.StartAsync(TestContext.Current.CancellationToken);
        await service.Entered.Task.WaitAsync(TestContext.Current.CancellationToken);

        service.Dispose();

        Assert.True(service.Left);
    }

    [Fact]
    public async Task A_service_whose_work_failed_is_disposed_without_an_error()
    {
        using var service = new InNativeCall { Failure = new InvalidDataException("broken") };
        await service.StartAsync(TestContext.Current.CancellationToken);
        await service.Entered.Task.WaitAsync(TestContext.Current.CancellationToken);

        service.Dispose();

        Assert.True(service.ExecuteTask!.IsFaulted);
    }

    [Fact]
    public void A_service_that_was_never_started_is_disposed_at_once() => new InNativeCall().Dispose();

    /// <summary>Notices that it has to stop only when a call returns, as a consumer in its poll does.</summary>
    private sealed class InNativeCall : WorkerService
    {
        private volatile bool left;

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? Failure { get; init; }

        public bool Left => left;

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
            () =>
            {
                Entered.SetResult();
                if (Failure is not null)
                    throw Failure;
                stoppingToken.WaitHandle.WaitOne();
                SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(200));
                left = true;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
