using Confluent.Kafka;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Tests.Kafka;

public sealed class DeliveryBatchTests
{
    private readonly DeliveryBatch batch = new();

    [Fact]
    public async Task A_batch_without_records_is_complete_at_once() => await CompleteAsync();

    [Fact]
    public async Task It_ends_with_the_last_delivery_and_not_before()
    {
        batch.Add();
        batch.Add();
        Deliver();
        var done = CompleteAsync();
        Assert.False(done.IsCompleted);

        Deliver();

        await done;
    }

    [Fact]
    public async Task Deliveries_before_all_records_are_sent_do_not_end_it()
    {
        batch.Add();
        Deliver();
        batch.Add();
        var done = CompleteAsync();
        Assert.False(done.IsCompleted);

        Deliver();

        await done;
    }

    [Fact]
    public async Task A_failed_delivery_fails_it_with_the_first_error_once_all_are_reported()
    {
        for (var record = 0; record < 4; record++)
            batch.Add();
        var done = CompleteAsync();
        Deliver();
        Deliver(ErrorCode.Local_MsgTimedOut);
        Deliver(ErrorCode.MsgSizeTooLarge);
        Assert.False(done.IsCompleted);

        Deliver();

        Assert.Equal(ErrorCode.Local_MsgTimedOut, (await Assert.ThrowsAsync<KafkaException>(() => done)).Error.Code);
    }

    [Fact]
    public async Task A_delivery_that_failed_before_all_records_were_sent_fails_it_too()
    {
        batch.Add();
        Deliver(ErrorCode.Local_Fatal);

        Assert.Equal(ErrorCode.Local_Fatal, (await Assert.ThrowsAsync<KafkaException>(CompleteAsync)).Error.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reports_from_several_threads_while_records_are_sent_all_count(bool oneFails)
    {
        const int Records = 10_000;
        var sent = new SemaphoreSlim(0);
        var reported = 0;
        var reporting = Enumerable.Range(0, 4).Select(thread => Task.Run(async () =>
        {
            for (var record = thread; record < Records; record += 4)
            {
                await sent.WaitAsync(TestContext.Current.CancellationToken);
                Interlocked.Increment(ref reported);
                Deliver(oneFails && record == Records / 2 ? ErrorCode.Local_MsgTimedOut : ErrorCode.NoError);
            }
        })).ToArray();
        for (var record = 0; record < Records; record++)
        {
            batch.Add();
            sent.Release();
        }

        var failure = await Record.ExceptionAsync(CompleteAsync);

        Assert.Equal(Records, Volatile.Read(ref reported));
        Assert.Equal(oneFails ? ErrorCode.Local_MsgTimedOut : (ErrorCode?)null, (failure as KafkaException)?.Error.Code);
        await Task.WhenAll(reporting);
    }

    [Fact]
    public async Task Who_is_told_to_stop_does_not_wait_for_a_delivery_that_never_comes()
    {
        using var stop = new CancellationTokenSource();
        batch.Add();
        var done = batch.CompleteAsync(stop.Token);
        Assert.False(done.IsCompleted);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => done);
    }

    private Task CompleteAsync() => batch.CompleteAsync(TestContext.Current.CancellationToken);

    private void Deliver(ErrorCode code = ErrorCode.NoError) => batch.Report(new() { Error = new(code) });
}
