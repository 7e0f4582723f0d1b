using ILoRA.Streaming.Training.Fits;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class BestStateTests
{
    [Fact]
    public void Worse_validations_count_only_after_the_first_improvement()
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
