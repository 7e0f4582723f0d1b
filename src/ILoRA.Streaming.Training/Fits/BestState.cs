using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>The state that did best on sequences put aside, and for how long none did better.</summary>
internal sealed class BestState(Snapshot? snapshot, double loss, int worse)
{
    /// <summary>Null before the first try.</summary>
    public Snapshot? Snapshot { get; private set; } = snapshot;

    public double Loss { get; private set; } = loss;

    /// <summary>Tries since then.</summary>
    public int Worse { get; private set; } = worse;

    /// <returns>The loss that was tried.</returns>
    public double Try(double tried, Func<Snapshot> export)
    {
        if (tried < Loss)
            (Snapshot, Loss, Worse) = (export(), tried, 0);
        else
            Worse++;
        return tried;
    }
}
