using System.Numerics;

namespace ILoRA.Streaming.Model.Prompts;

/// <summary>One token of a candidate's title, with the position whose logits predict it.</summary>
/// <param name="Candidate">The index of the candidate.</param>
/// <param name="Row">The position in the packed sequence whose logits predict the token.</param>
/// <param name="Token">The token's id.</param>
public readonly record struct ScoredToken(int Candidate, int Row, int Token);

/// <summary>
/// A prompt and all candidates packed into one sequence, to score them in one forward pass. Each candidate attends to the prompt and to
/// itself, and its positions start after the prompt, so the scores equal those of separate sequences. A candidate's last token is omitted:
/// nothing after it is scored.
/// </summary>
public sealed record PackedPrompt
{
    private const int PromptSegment = -1;

    /// <summary>Token ids [T].</summary>
    public required int[] Ids { get; init; }

    /// <summary>Positions [T]; those of each candidate start after the prompt.</summary>
    public required int[] Positions { get; init; }

    /// <summary>The candidate of each token [T]; -1 for the prompt.</summary>
    public required int[] Segments { get; init; }

    /// <summary>The tokens of all candidates, in order.</summary>
    public required ScoredToken[] Scored { get; init; }

    /// <summary>The number of candidates.</summary>
    public required int Candidates { get; init; }

    /// <summary>Packs a prompt and its candidates.</summary>
    /// <param name="prompt">The prompt's tokens; not empty.</param>
    /// <param name="candidates">The tokens of each candidate, at least one each.</param>
    /// <exception cref="ArgumentException">The prompt or a candidate is empty.</exception>
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
        return new PackedPrompt
        {
            Ids = ids,
            Positions = positions,
            Segments = segments,
            Scored = [.. scored],
            Candidates = candidates.Count
        };
    }

    /// <summary>Whether position <paramref name="query"/> attends to <paramref name="key"/>.</summary>
    public bool Attends(int query, int key) => key <= query && (Segments[key] == PromptSegment || Segments[key] == Segments[query]);

    /// <summary>Builds the additive attention mask.</summary>
    /// <returns>[T, T]: 0 where a query attends to a key, else -infinity.</returns>
    public float[] Mask()
    {
        var length = Ids.Length;
        var mask = new float[length * length];
        for (var query = 0; query < length; query++)
            for (var key = 0; key < length; key++)
                mask[query * length + key] = Attends(query, key) ? 0 : float.NegativeInfinity;
        return mask;
    }

    /// <summary>Sums the log-probabilities of the tokens by candidate.</summary>
    /// <param name="logProbabilities">The log-probability of each token of <see cref="Scored"/>, in nats.</param>
    /// <returns>log p(candidate | prompt) [candidates], in nats.</returns>
    public T[] Scores<T>(ReadOnlySpan<T> logProbabilities)
        where T : INumber<T>
    {
        var scores = new T[Candidates];
        for (var i = 0; i < Scored.Length; i++)
            scores[Scored[i].Candidate] += logProbabilities[i];
        return scores;
    }
}
