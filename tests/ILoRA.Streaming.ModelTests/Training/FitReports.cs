using ILoRA.Streaming.Training.Fits;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>Hears of a fit's steps at once, on its own thread: Progress would tell of them later and elsewhere.</summary>
internal sealed class FitReports(Action<FitProgress> report) : IProgress<FitProgress>
{
    public void Report(FitProgress value) => report(value);
}
