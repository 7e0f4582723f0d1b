using ILoRA.Streaming.Model.Prompts;

namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>Scores candidates by their log-likelihood after a prompt, packed into one run as far as they fit.</summary>
public static class PackedScorer
{
    // Attention is quadratic in the packed length: past this many candidate tokens a second run is cheaper than a longer one.
    private const int TokensPerRun = 512;

    /// <param name="session">The frozen backbone.</param>
    /// <param name="prompt">The prompt; its slots and rank scale apply, its rows and pairs do not.</param>
    /// <param name="candidates">Token ids of each candidate, none empty.</param>
    /// <param name="adapter">The version's factors.</param>
    /// <returns>[candidates]: sum of log p(token | prompt, candidate so far).</returns>
    public static float[] TitleScores(this BackboneSession session, PromptRun prompt, IReadOnlyList<int[]> candidates, AdapterTensors adapter)
    {
        var scores = new List<float>(candidates.Count);
        while (scores.Count < candidates.Count)
        {
            var (start, tokens) = (scores.Count, 0);
            var packed = candidates.Skip(start).TakeWhile((candidate, i) => (tokens += candidate.Length) <= TokensPerRun || i == 0).ToList();
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
