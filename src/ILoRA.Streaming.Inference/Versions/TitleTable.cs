using System.Collections.Concurrent;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Inference.Versions;

/// <summary>What the frozen backbone makes of each title, once for all versions: its vector for the head scorer, its tokens and its prior for the title scorer.</summary>
public sealed class TitleTable(Backbone backbone)
{
    private readonly ConcurrentDictionary<string, float[]> vectors = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]> answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, float> priors = new(StringComparer.Ordinal);

    /// <returns>[H]</returns>
    public float[] Vector(string title) => vectors.GetOrAdd(title, static (text, model) => TitleVectors.Of(model, text), backbone);

    /// <summary>The tokens that answer a prompt with this title.</summary>
    public int[] Answer(string title) => answers.GetOrAdd(title, static (text, model) => HistoryPrompt.Answer(model.Tokenizer, text), backbone);

    /// <summary>How likely the backbone alone finds a title after an empty prompt. Each title takes a run of its own the first time, so that its bits do not depend on what else is asked.</summary>
    /// <param name="session">Of this backbone.</param>
    /// <param name="adapter">Any that fits the session's graph: with a rank scale of zeros it corrects nothing.</param>
    /// <param name="title">The title.</param>
    /// <returns>log p(title | empty prompt)</returns>
    public float Prior(BackboneSession session, AdapterTensors adapter, string title) => priors.GetOrAdd(title, text =>
        session.TitleScores(new PromptRun { Ids = HistoryPrompt.Empty(backbone.Tokenizer), RankScale = new float[session.Shape.Rank] }, [Answer(text)], adapter)[0]);
}
