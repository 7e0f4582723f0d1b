using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Tests.Events;

public sealed class PartitionNameTests
{
    [Theory]
    [InlineData("sequences-0", "sequences", 0)]
    [InlineData("shop.click-stream-2-11", "shop.click-stream-2", 11)]
    [InlineData("a--1", "a-", 1)]
    public void A_name_is_written_and_read(string text, string topic, int partition)
    {
        Assert.True(PartitionName.TryParse(text, out var name));
        Assert.Equal(new PartitionName(topic, partition), name);
        Assert.Equal(text, name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("sequences")]
    [InlineData("sequences-")]
    [InlineData("sequences-x")]
    [InlineData("sequences-1 ")]
    [InlineData("sequences-+1")]
    [InlineData("sequences-99999999999")]
    public void What_is_no_name_is_not_read(string text)
    {
        Assert.False(PartitionName.TryParse(text, out var name));
        Assert.Equal(default, name);
    }
}
