using ILoRA.Streaming.Inference.Scoring;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Reference;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Cli.Scoring;

/// <summary>Scores by the C# reference, to check the graph that serves.</summary>
internal sealed class ReferenceCandidateScorer(Backbone backbone, AdapterFolder? adapter)
{
    private readonly ReferenceScorer scorer = new(new ReferenceForward(backbone));

    public ScoreResult Score(ScoreRequest request)
    {
        var resolved = ResolvedRequest.Of(request, backbone, adapter);
        var correction = adapter is null ? null : new LoraCorrection(adapter.Lora, resolved.RankScale);
        var scores =
            scorer.Scores(PackedPrompt.Pack(resolved.Prompt, resolved.Candidates), resolved.Slots, resolved.Embeddings, correction);
        return new ScoreResult(Array.ConvertAll(scores, score => (float)score), resolved.Gate);
    }
}
