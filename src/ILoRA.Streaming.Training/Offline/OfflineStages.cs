using ILoRA.Streaming.Training.Fits;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>Tells the steps of each stage of an offline fit as steps of the whole, under the stage's number and name.</summary>
/// <param name="progress">Told.</param>
/// <param name="count">How many stages there are.</param>
internal sealed class OfflineStages(IProgress<FitProgress>? progress, int count)
{
    private int number;

    /// <param name="name">For a progress bar.</param>
    /// <param name="which">What it is fitted on, where there is more than one.</param>
    public IProgress<FitProgress> Next(string name, string which = "")
    {
        var stage = new Stage(progress, ++number, count, which.Length > 0 ? $"{name}, {which}" : name);
        stage.Report(new(0, double.NaN, "begins"));
        return stage;
    }

    /// <summary>Stages that an earlier run did.</summary>
    public void Skip(int stages) => number += stages;

    private sealed class Stage(IProgress<FitProgress>? progress, int number, int count, string name) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) =>
            progress?.Report(value with { Done = (number - 1 + value.Done) / count, What = $"{number} of {count}, {name}: {value.What}" });
    }
}
