using System.Collections.Concurrent;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>What the frozen backbone makes of each title, once for all versions: its vector for the head scorer, its tokens and its null for the title scorer.</summary>
public sealed class TitleTable(Backbone backbone)
{
    private readonly ConcurrentDictionary<string, float[]> vectors = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]> answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, float> nulls = new(StringComparer.Ordinal);

    /// <returns>[H]</returns>
    public float[] Vector(string title) => vectors.GetOrAdd(title, static (text, model) => TitleVectors.Of(model, text), backbone);

    /// <summary>The tokens that answer a prompt with this title.</summary>
    public int[] Answer(string title) => answers.GetOrAdd(title, static (text, model) => HistoryPrompt.Answer(model.Tokenizer, text), backbone);

    /// <summary>How likely the backbone alone finds titles after a prompt that says nothing; those not asked for before take a run.</summary>
    /// <param name="session">Of this backbone.</param>
    /// <param name="adapter">Any that fits the session's graph: it corrects nothing here.</param>
    /// <param name="titles">Any number.</param>
    /// <returns>log p(title | nothing) of each.</returns>
    public float[] Nulls(BackboneSession session, AdapterTensors adapter, IReadOnlyList<string> titles)
    {
        string[] unknown = [.. titles.Where(title => !nulls.ContainsKey(title)).Distinct(StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            // With a rank scale of zeros the correction is none, whatever the factors.
            var prompt = new PromptRun { Ids = HistoryPrompt.Nothing(backbone.Tokenizer), RankScale = new float[session.Shape.Rank] };
            foreach (var (title, likelihood) in unknown.Zip(session.TitleScores(prompt, [.. unknown.Select(Answer)], adapter)))
                nulls[title] = likelihood;
        }
        return [.. titles.Select(title => nulls[title])];
    }
}
