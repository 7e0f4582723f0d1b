using System.Numerics;

namespace ILoRA.Streaming.Model.Prompts;

/// <summary>A token whose log-probability counts, and the row of hidden states that predicts it.</summary>
/// <param name="Candidate">Which candidate the token belongs to.</param>
/// <param name="Row">Position in the packed sequence whose logits predict it.</param>
/// <param name="Token">The token.</param>
public readonly record struct ScoredToken(int Candidate, int Row, int Token);

/// <summary>
/// A prompt and all candidates in one sequence: each candidate sees the prompt and itself, its positions restart after the prompt. Equal to
/// scoring them one by one. A candidate's last token predicts nothing that counts, so it is left out.
/// </summary>
public sealed record PackedPrompt
{
    private const int PromptSegment = -1;

    /// <summary>[T]</summary>
    public required int[] Ids { get; init; }

    /// <summary>[T], restarted for each candidate.</summary>
    public required int[] Positions { get; init; }

    /// <summary>[T], the candidate of each token, -1 for the prompt.</summary>
    public required int[] Segments { get; init; }

    /// <summary>Every candidate's tokens, in order.</summary>
    public required ScoredToken[] Scored { get; init; }

    public required int Candidates { get; init; }

    /// <param name="prompt">[N], not empty.</param>
    /// <param name="candidates">Each of at least one token.</param>
    public static PackedPrompt Pack(int[] prompt, IReadOnlyList<int[]> candidates)
    {
        if (prompt.Length == 0 || candidates.Any(candidate => candidate.Length == 0))
            throw new ArgumentException("A packed prompt needs a prompt and candidates of at least one token each.", nameof(candidates));
        var length = prompt.Length + candidates.Sum(candidate => candidate.Length - 1);
        int[] ids = new int[length], positions = new int[length], segments = new int[length];
        var scored = new List<ScoredToken>();
        for (var t = 0; t < prompt.Length; t++)
            (ids[t], positions[t], segments[t]) = (prompt[t], t, PromptSegment);
        var at = prompt.Length;
        for (var c = 0; c < candidates.Count; c++)
        {
            scored.Add(new ScoredToken(c, prompt.Length - 1, candidates[c][0]));
            for (var t = 0; t + 1 < candidates[c].Length; t++, at++)
            {
                (ids[at], positions[at], segments[at]) = (candidates[c][t], prompt.Length + t, c);
                scored.Add(new ScoredToken(c, at, candidates[c][t + 1]));
            }
        }
        return new PackedPrompt { Ids = ids, Positions = positions, Segments = segments, Scored = [.. scored], Candidates = candidates.Count };
    }

    /// <summary>Whether position <paramref name="query"/> attends to <paramref name="key"/>.</summary>
    public bool Sees(int query, int key) => key <= query && (Segments[key] == PromptSegment || Segments[key] == Segments[query]);

    /// <returns>The additive attention mask [T, T]: 0 where a query sees a key, else -infinity.</returns>
    public float[] Mask()
    {
        var length = Ids.Length;
        var mask = new float[length * length];
        for (var query = 0; query < length; query++)
            for (var key = 0; key < length; key++)
                mask[query * length + key] = Sees(query, key) ? 0 : float.NegativeInfinity;
        return mask;
    }

    /// <summary>Sums the tokens' log-probabilities by candidate.</summary>
    /// <param name="logProbabilities">By index of <see cref="Scored"/>.</param>
    /// <returns>[candidates], log p(candidate | prompt).</returns>
    public T[] Scores<T>(ReadOnlySpan<T> logProbabilities)
        where T : INumber<T>
    {
        var scores = new T[Candidates];
        for (var i = 0; i < Scored.Length; i++)
            scores[Scored[i].Candidate] += logProbabilities[i];
        return scores;
    }
}
