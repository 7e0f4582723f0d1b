using ILoRA.Streaming.Inference.Scoring;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Cli.Scoring;

/// <summary>Scores candidates with LibTorch in double precision, to verify the graph that serves.</summary>
internal sealed class TorchCandidateScorer : IDisposable
{
    private readonly Backbone source;
    private readonly AdapterFolder? adapter;
    private readonly TorchBackbone backbone;
    private readonly TorchTitleScorer scorer;
    private readonly TorchLora? lora;

    public TorchCandidateScorer(Backbone source, AdapterFolder? adapter)
    {
        (this.source, this.adapter) = (source, adapter);
        backbone = TorchBackbone.Frozen(source, CPU, ScalarType.Float64);
        scorer = new TorchTitleScorer(backbone);
        lora = adapter is null ? null : new TorchLora(source.Config, adapter.Lora, CPU);
    }

    public ScoreResult Score(ScoreRequest request)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var resolved = ResolvedRequest.Of(request, source, adapter);
        var packed = PackedPrompt.Pack(resolved.Prompt, resolved.Candidates);
        var embeddings = backbone.Embed(tensor(packed.Ids.Select(id => (long)id).ToArray(), [1, packed.Ids.Length]));    // [1, T, H]
        foreach (var (slot, embedding) in resolved.Slots.Zip(resolved.Embeddings))
            embeddings[0, slot].copy_(tensor(embedding));
        var scale = lora is null ? null : tensor(resolved.RankScale, [1, 1, resolved.RankScale.Length]);
        return new ScoreResult(scorer.Scores(packed, embeddings, lora, scale).data<float>().ToArray(), resolved.Gate);
    }

    public void Dispose()
    {
        lora?.Dispose();
        backbone.Dispose();
    }
}
