using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>The state that did best on sequences put aside, and for how long none did better.</summary>
internal sealed class BestState(Snapshot? snapshot, double loss, int worse, bool gained)
{
    /// <summary>Null before the first try.</summary>
    public Snapshot? Snapshot { get; private set; } = snapshot;

    public double Loss { get; private set; } = loss;

    /// <summary>Whether it did better than at the first try. Before that a fit is not said to gain no longer: at its highest rate the loss often rises first.</summary>
    public bool Gained { get; private set; } = gained;

    /// <summary>Tries since then.</summary>
    public int Worse { get; private set; } = worse;

    /// <returns>The loss that was tried.</returns>
    public double Try(double tried, Func<Snapshot> export)
    {
        if (tried < Loss)
            (Snapshot, Loss, Worse, Gained) = (export(), tried, 0, Snapshot is not null);
        else if (Gained)
            Worse++;
        return tried;
    }
}
