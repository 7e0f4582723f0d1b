using System.Collections.Concurrent;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>What the frozen backbone makes of each title, once for all versions: its vector for the head scorer, its tokens for the title scorer.</summary>
public sealed class TitleTable(Backbone backbone)
{
    private readonly ConcurrentDictionary<string, float[]> vectors = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]> answers = new(StringComparer.Ordinal);

    /// <returns>[H]</returns>
    public float[] Vector(string title) => vectors.GetOrAdd(title, static (text, model) => TitleVectors.Of(model, text), backbone);

    /// <summary>The tokens that answer a prompt with this title.</summary>
    public int[] Answer(string title) => answers.GetOrAdd(title, static (text, model) => HistoryPrompt.Answer(model.Tokenizer, text), backbone);
}
