using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Inference.Scoring;

/// <summary>Scores given prompts and candidates by the same graph that serves: what <c>ilora score</c> runs.</summary>
public sealed class PromptScorer : IDisposable
{
    private readonly AdapterFolder? adapter;
    private readonly BackboneSession session;
    private readonly AdapterTensors tensors;

    /// <param name="backbone">The frozen language model.</param>
    /// <param name="adapter">Null scores the bare backbone.</param>
    /// <param name="device">Null takes CUDA in a CUDA build and the CPU otherwise.</param>
    /// <param name="threads">Threads of a run.</param>
    /// <param name="logger">Hears of a fallback of the device.</param>
    /// <param name="precision">In what the graph computes.</param>
    /// <param name="cache">Keeps the converted weights; null takes the user's own.</param>
    /// <exception cref="InvalidDataException">The adapter does not fit the backbone.</exception>
    public PromptScorer(Backbone backbone, AdapterFolder? adapter, Device? device, int threads, ILogger logger, GraphPrecision precision = GraphPrecision.Exact, WeightCache? cache = null)
    {
        this.adapter = adapter;
        var shape = adapter is null ? new GraphShape(1, []) : GraphShape.Of(adapter.Lora.Shape);
        tensors = AdapterTensors.Of(backbone.Config, shape, adapter?.Lora);
        session = BackboneSession.Open(backbone, shape, precision, device, threads, logger, cache);
    }

    /// <summary>Scores JSON Lines; the results come in the order of the lines, empty ones left out.</summary>
    /// <param name="lines">One <see cref="ScoreRequest"/> each.</param>
    /// <param name="source">Names the lines' origin in errors.</param>
    /// <exception cref="InvalidDataException">A line cannot be scored; the message says which and why.</exception>
    public IEnumerable<ScoreResult> Score(IEnumerable<string> lines, string source) => ScoreFile.Score(lines, source, Score);

    /// <exception cref="InvalidDataException">The request does not fit the backbone or the adapter.</exception>
    public ScoreResult Score(ScoreRequest request)
    {
        var resolved = ResolvedRequest.Of(request, session.Backbone, adapter);
        var run = new PromptRun
        {
            Ids = resolved.Prompt,
            RankScale = resolved.RankScale,
            Slots = resolved.Slots,
            SlotEmbeddings = [.. resolved.Embeddings.SelectMany(embedding => embedding)],
        };
        return new ScoreResult(session.TitleScores(run, resolved.Candidates, tensors), resolved.Gate);
    }

    public void Dispose()
    {
        tensors.Dispose();
        session.Dispose();
    }
}
