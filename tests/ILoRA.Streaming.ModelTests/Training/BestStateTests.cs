using ILoRA.Streaming.Training.Fits;
using Xunit;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class BestStateTests
{
    [Fact]
    public void Only_a_fit_that_gained_once_can_be_said_to_gain_no_longer()
    {
        using var tiny = new TinyModel();
        var best = new BestState(null, double.PositiveInfinity, 0, improved: false);
        foreach (var loss in (double[])[6.1, 6.3, 6.2])
            best.Record(loss, () => tiny.Start);
        Assert.Equal((6.1, 0, false), (best.Loss, best.Worse, best.Improved));
        foreach (var loss in (double[])[5.9, 6, 5.95])
            best.Record(loss, () => tiny.Start);
        Assert.Equal((5.9, 2, true), (best.Loss, best.Worse, best.Improved));
    }
}
