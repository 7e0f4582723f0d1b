using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Baselines;

/// <summary>
/// Item-based k-nearest neighbours by shrunk cosine similarity: score(j) = sum over history items i of C_ij / (sqrt(n_i n_j) + shrink),
/// where the co-occurrence C_ij is the sum of |u|^-power over the users u with both items, |u| the number of items of u, and n_i the number
/// of users of item i.
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

    /// <summary>The scores of all items.</summary>
    /// <param name="history">The history's items; repeated items count once.</param>
    /// <returns>[M]; 0 for an item that has no user in common with the history's items.</returns>
    public float[] Scores(int[] history)
    {
        var scores = new float[counts.Length];
        var cooccurrence = new float[counts.Length];
        foreach (var item in history.Distinct())
        {
            Array.Clear(cooccurrence);
            foreach (var user in usersOf[item])
                foreach (var other in users[user])
                    cooccurrence[other] += userWeights[user];
            for (var other = 0; other < scores.Length; other++)
                if (cooccurrence[other] > 0)
                    scores[other] += cooccurrence[other] / (MathF.Sqrt((float)counts[item] * counts[other]) + options.Shrink);
        }
        return scores;
    }
}

/// <summary>Settings of <see cref="ItemKnn"/>.</summary>
/// <param name="Shrink">The shrinkage, which lowers the similarity of pairs with few users.</param>
/// <param name="UserPower">
/// The exponent of the users' weights: 0 weighs all users equally; with 0.5 or 1, users with many items weigh less.
/// </param>
public sealed record NeighbourOptions(float Shrink, float UserPower);
