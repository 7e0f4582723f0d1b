using ILoRA.Streaming.Outcomes;

namespace ILoRA.Streaming.Tests.Outcomes;

public sealed class QuantilesTests
{
    [Fact]
    public void Nothing_measured_has_no_quantile() => Assert.Null(new Quantiles().Of(.5));

    [Fact]
    public void Quantiles_are_within_one_percent()
    {
        var quantiles = new Quantiles();
        for (var ms = 1; ms <= 1000; ms++)
            quantiles.Add(TimeSpan.FromMilliseconds(ms));
        Assert.InRange(quantiles.Of(.5)!.Value.TotalMilliseconds, 495, 505);
        Assert.InRange(quantiles.Of(.99)!.Value.TotalMilliseconds, 980, 1000);
        Assert.Equal(1000, quantiles.Count);
    }

    [Fact]
    public void No_time_at_all_counts_as_the_smallest()
    {
        var quantiles = new Quantiles();
        quantiles.Add(TimeSpan.Zero);
        Assert.True(quantiles.Of(1) < TimeSpan.FromMilliseconds(1));
    }
}
