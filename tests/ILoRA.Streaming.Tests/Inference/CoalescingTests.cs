using ILoRA.Streaming.Inference.Serving;

namespace ILoRA.Streaming.Tests.Inference;

public sealed class CoalescingTests
{
    [Fact]
    public void Only_the_newest_event_of_a_user_is_kept_in_the_order_of_the_batch()
    {
        (string User, int Offset)[] batch = [("a", 1), ("b", 2), ("a", 3), ("c", 4), ("b", 5)];

        Assert.Equal([3, 4, 5], Coalescing.Newest(batch, entry => entry.User).Select(entry => entry.Offset));
    }

    [Fact]
    public void Batch_without_repeats_is_kept_whole()
    {
        (string User, int Offset)[] batch = [("a", 1), ("b", 2)];

        Assert.Equal(batch, Coalescing.Newest(batch, entry => entry.User));
    }

    [Fact]
    public void Empty_batch_stays_empty() => Assert.Empty(Coalescing.Newest(Array.Empty<string>(), entry => entry));
}
