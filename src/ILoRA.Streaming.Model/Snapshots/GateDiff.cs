namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>How the gates of two versions mix the experts. Each reads what it reads when it serves: the sequence vector that its version's encoder makes of a history of one item, for every item that both know.</summary>
/// <param name="Histories">Items asked.</param>
/// <param name="A">Mean weights [K] of one version.</param>
/// <param name="B">Mean weights [K] of the other.</param>
/// <param name="Moved">Mean over the histories of the total variation sum |w_b - w_a| / 2, from 0 (none) to 1 (other experts altogether).</param>
/// <param name="Farthest">The same of the history that moved most.</param>
/// <param name="MovedByGate">The mean where both gates read the first version's encoder: what is the gate's own doing.</param>
public sealed record GateDiff(int Histories, double[] A, double[] B, double Moved, double Farthest, double MovedByGate)
{
    internal static GateDiff Of(Snapshot a, Snapshot b, SharedItems items)
    {
        var (from, to) = (new double[a.Gate.Experts], new double[b.Gate.Experts]);
        double moved = 0, farthest = 0, own = 0;
        for (var place = 0; place < items.A.Length; place++)
        {
            var z = a.Encoder.Encode([items.A[place]]);
            var (before, after) = (a.Gate.Weights(z), b.Gate.Weights(b.Encoder.Encode([items.B[place]])));
            for (var expert = 0; expert < from.Length; expert++)
            {
                from[expert] += before[expert] / (double)items.A.Length;
                to[expert] += after[expert] / (double)items.A.Length;
            }
            var distance = Distance(before, after);
            moved += distance / items.A.Length;
            farthest = Math.Max(farthest, distance);
            own += Distance(before, b.Gate.Weights(z)) / items.A.Length;
        }
        return new(items.A.Length, from, to, moved, farthest, own);
    }

    private static double Distance(float[] before, float[] after) => before.Zip(after, (w, v) => Math.Abs((double)w - v)).Sum() / 2;
}
