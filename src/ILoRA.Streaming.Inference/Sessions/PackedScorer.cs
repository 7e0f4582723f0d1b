using ILoRA.Streaming.Model.Prompts;

namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>Computes the log-likelihoods of candidates after a prompt, packed into as few runs as possible.</summary>
public static class PackedScorer
{
    // Attention is quadratic in the packed length: above this number of candidate tokens, a second run is faster than a longer one.
    private const int TokensPerRun = 512;

    /// <summary>Computes log p(candidate | prompt) of each candidate.</summary>
    /// <param name="session">The session of the backbone.</param>
    /// <param name="prompt">The prompt with its slots and rank scale; rows and pairs are ignored.</param>
    /// <param name="candidates">The token ids of each candidate, at least one each.</param>
    /// <param name="adapter">The version's factors.</param>
    /// <returns>[candidates], in nats: the sum of log p(token | prompt, earlier tokens) over the tokens of each candidate.</returns>
    public static float[] TitleScores(this BackboneSession session, PromptRun prompt, IReadOnlyList<int[]> candidates,
        AdapterTensors adapter)
    {
        var scores = new List<float>(candidates.Count);
        while (scores.Count < candidates.Count)
        {
            var (start, tokens) = (scores.Count, 0);
            var packed =
                candidates.Skip(start).TakeWhile((candidate, i) => (tokens += candidate.Length) <= TokensPerRun || i == 0).ToList();
            scores.AddRange(ScoresOf(session, prompt, packed, adapter));
        }
        return [.. scores];
    }

    private static float[] ScoresOf(BackboneSession session, PromptRun prompt, List<int[]> candidates, AdapterTensors adapter)
    {
        var packed = PackedPrompt.Pack(prompt.Ids, candidates);
        int[] rows = [.. packed.Scored.Select(token => token.Row).Distinct()];
        var place = rows.Select((row, index) => (row, index)).ToDictionary(entry => entry.row, entry => entry.index);
        var run = prompt with
        {
            Ids = packed.Ids,
            Positions = packed.Positions,
            Mask = packed.Mask(),
            Rows = rows,
            Pairs = [.. packed.Scored.Select(token => (place[token.Row], token.Token))],
        };
        return packed.Scores(session.LogProbabilities(run, adapter));
    }
}
