namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>
/// The difference between the gates of two versions, measured on one history of a single item for each item that both versions know. As in
/// serving, each gate gets the sequence vector of its own version's encoder.
/// </summary>
/// <param name="Histories">The number of histories.</param>
/// <param name="A">The first version's mean weights [K].</param>
/// <param name="B">The second version's mean weights [K].</param>
/// <param name="Moved">The mean total variation distance sum_k |w_b - w_a| / 2 between the weights, from 0 (equal) to 1 (no expert in
/// common).</param>
/// <param name="Farthest">The largest total variation distance.</param>
/// <param name="MovedByGate">The mean total variation distance where both gates get the first version's sequence vector: the change due to
/// the gate alone.</param>
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
