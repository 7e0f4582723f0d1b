using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Baselines;

/// <summary>
/// Item-based nearest neighbours: score(j) = sum over history items i of C_ij / (sqrt(n_i n_j) + shrink), where C_ij sums size(u)^-power over the users
/// with both items and n counts an item's users.
/// </summary>
public sealed class ItemKnn
{
    private readonly NeighbourOptions options;
    private readonly int[][] users;
    private readonly float[] userWeights;
    private readonly int[][] usersOf;
    private readonly int[] counts;

    public ItemKnn(Interactions interactions, NeighbourOptions options)
    {
        this.options = options;
        users = [.. interactions.Sequences.Select(sequence => sequence.Distinct().ToArray())];
        userWeights = Array.ConvertAll(users, items => MathF.Pow(items.Length, -options.UserPower));
        var lists = new List<int>[interactions.Items];
        for (var user = 0; user < users.Length; user++)
        {
            foreach (var item in users[user])
                (lists[item] ??= []).Add(user);
        }
        usersOf = Array.ConvertAll(lists, list => list?.ToArray() ?? []);
        counts = Array.ConvertAll(usersOf, list => list.Length);
    }

    /// <param name="history">Items; each counts once.</param>
    /// <returns>[M]; 0 for an item that shares no user with the history.</returns>
    public float[] Scores(int[] history)
    {
        var scores = new float[counts.Length];
        var together = new float[counts.Length];
        foreach (var item in history.Distinct())
        {
            Array.Clear(together);
            foreach (var user in usersOf[item])
                foreach (var other in users[user])
                    together[other] += userWeights[user];
            for (var other = 0; other < scores.Length; other++)
                if (together[other] > 0)
                    scores[other] += together[other] / (MathF.Sqrt((float)counts[item] * counts[other]) + options.Shrink);
        }
        return scores;
    }
}

/// <param name="Shrink">Pulls pairs that few users have towards 0.</param>
/// <param name="UserPower">0 counts users alike; 0.5 lets users of many items count less.</param>
public sealed record NeighbourOptions(float Shrink, float UserPower);
