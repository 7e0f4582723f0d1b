using ILoRA.Streaming.Training.Fits;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>
/// Handles progress reports synchronously on the fit's thread, unlike <see cref="Progress{T}"/>, which posts them to another thread.
/// </summary>
internal sealed class FitReports(Action<FitProgress> report) : IProgress<FitProgress>
{
    public void Report(FitProgress value) => report(value);
}
