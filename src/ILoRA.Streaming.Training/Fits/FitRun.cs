using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Online;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>What a running fit reports to and is kept by.</summary>
internal sealed class FitRun(string configuration, FitClock clock, IProgress<FitProgress>? progress, FitFile? file, CancellationToken stop)
{
    public FitClock Clock => clock;

    public CancellationToken Stop => stop;

    public void Report(double done, double loss, string what) => progress?.Report(new(done, loss, what));

    public void Validated(double done, double loss, double validation) => progress?.Report(new(done, loss, "trying sequences put aside") { Validation = validation });

    /// <summary>Writes a checkpoint of the first pass, if the last one is old.</summary>
    public void Keep(Func<(Snapshot Snapshot, IReadOnlyList<Tensor> Optimisers)> save, BestState best, long step)
    {
        if (file is not { IsDue: true })
            return;
        var (snapshot, optimisers) = save();
        file.Save(new(snapshot, best.Snapshot, optimisers, new(configuration, clock.Elapsed.TotalSeconds, step, best.Snapshot is null ? 0 : best.Loss, best.Worse, null, 0)));
    }

    /// <summary>Writes a checkpoint of a title scorer's fit, if the last one is old.</summary>
    public void Keep(Func<(Snapshot Snapshot, IReadOnlyList<Tensor> Optimisers, ulong Random)> save, long step)
    {
        if (file is not { IsDue: true })
            return;
        var (snapshot, optimisers, random) = save();
        file.Save(new(snapshot, null, optimisers, new(configuration, clock.Elapsed.TotalSeconds, step, 0, 0, null, 0, random)));
    }

    /// <summary>Writes a checkpoint of the second pass, if the last one is old.</summary>
    public void Keep(Checkpoint state, double share)
    {
        if (file is { IsDue: true })
            file.Save(new(state.Snapshot, null, state.Optimisers, new(configuration, clock.Elapsed.TotalSeconds, 0, 0, 0, state.State, share)));
    }
}
