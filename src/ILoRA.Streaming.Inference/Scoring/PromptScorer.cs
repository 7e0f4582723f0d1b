using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Inference.Scoring;

/// <summary>Scores given prompts and candidates with the graph that serving uses, for <c>ilora score</c>.</summary>
public sealed class PromptScorer : IDisposable
{
    private readonly AdapterFolder? adapter;
    private readonly BackboneSession session;
    private readonly AdapterTensors tensors;

    /// <param name="backbone">The frozen language model.</param>
    /// <param name="adapter">The adapter; null for the backbone alone.</param>
    /// <param name="device">The device; null for CUDA in a CUDA build and the CPU otherwise.</param>
    /// <param name="threads">The number of threads of one run.</param>
    /// <param name="logger">Logs a fallback to the CPU.</param>
    /// <param name="precision">The numeric precision of the graph.</param>
    /// <param name="cache">The cache of converted weights; null for the user's default cache.</param>
    /// <exception cref="InvalidDataException">The adapter does not fit the backbone.</exception>
    public PromptScorer(Backbone backbone, AdapterFolder? adapter, Device? device, int threads, ILogger logger,
        GraphPrecision precision = GraphPrecision.Exact, WeightCache? cache = null)
    {
        this.adapter = adapter;
        var shape = adapter is null ? new GraphShape(1, []) : GraphShape.Of(adapter.Lora.Shape);
        tensors = AdapterTensors.Of(backbone.Config, shape, adapter?.Lora);
        session = BackboneSession.Open(backbone, shape, precision, device, threads, logger, cache);
    }

    /// <inheritdoc cref="ScoreFile.Score(IEnumerable{string}, string, Func{ScoreRequest, ScoreResult})"/>
    public IEnumerable<ScoreResult> Score(IEnumerable<string> lines, string source) => ScoreFile.Score(lines, source, Score);

    /// <summary>Scores one request.</summary>
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
