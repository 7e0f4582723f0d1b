using System.Collections.Concurrent;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Inference.Versions;

/// <summary>
/// A cache of what depends only on a title and the frozen backbone, shared by all versions: the title vector for the head scorer, and the
/// tokens and the title prior for the title scorer.
/// </summary>
public sealed class TitleTable(Backbone backbone)
{
    private readonly ConcurrentDictionary<string, float[]> vectors = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]> answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, float> priors = new(StringComparer.Ordinal);

    /// <summary>The title vector (see <see cref="TitleVectors"/>).</summary>
    /// <returns>[H]</returns>
    public float[] Vector(string title) => vectors.GetOrAdd(title, static (text, model) => TitleVectors.Of(model, text), backbone);

    /// <summary>The tokens of the title that the title scorer scores (see <see cref="HistoryPrompt.Answer"/>).</summary>
    public int[] Answer(string title) =>
        answers.GetOrAdd(title, static (text, model) => HistoryPrompt.Answer(model.Tokenizer, text), backbone);

    /// <summary>
    /// The title prior: the log-likelihood of a title under the backbone alone after an empty prompt. It is computed in a separate run, so
    /// that the result does not depend on other titles.
    /// </summary>
    /// <param name="session">The session of this backbone.</param>
    /// <param name="adapter">Any adapter of the session's shape; a rank scale of zeros disables its correction.</param>
    /// <param name="title">The title.</param>
    /// <returns>log p(title | empty prompt), in nats.</returns>
    public float Prior(BackboneSession session, AdapterTensors adapter, string title) => priors.GetOrAdd(title, text =>
        session.TitleScores(new PromptRun { Ids = HistoryPrompt.Empty(backbone.Tokenizer), RankScale = new float[session.Shape.Rank] },
            [Answer(text)], adapter)[0]);
}
