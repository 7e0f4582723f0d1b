using ILoRA.Streaming.Training.Fits;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>Maps the progress of each stage of an offline fit to the progress of the whole, with the stage's number and name.</summary>
/// <param name="progress">The progress of the whole; null reports nothing.</param>
/// <param name="count">The number of stages.</param>
internal sealed class OfflineStages(IProgress<FitProgress>? progress, int count)
{
    private int number;

    /// <summary>Starts the next stage.</summary>
    /// <param name="name">The stage's name, for a progress bar.</param>
    /// <param name="which">The data that it is fitted on, where a stage of this name runs twice.</param>
    public IProgress<FitProgress> Next(string name, string which = "")
    {
        var stage = new Stage(progress, ++number, count, which.Length > 0 ? $"{name}, {which}" : name);
        stage.Report(new(0, double.NaN, "begins"));
        return stage;
    }

    /// <summary>Skips stages that an earlier run completed.</summary>
    public void Skip(int stages) => number += stages;

    private sealed class Stage(IProgress<FitProgress>? progress, int number, int count, string name) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) =>
            progress?.Report(value with { Done = (number - 1 + value.Done) / count, What = $"{number} of {count}, {name}: {value.What}" });
    }
}
