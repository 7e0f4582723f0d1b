using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>Scores candidates' titles packed behind a prompt, and the losses on those scores.</summary>
public sealed class TorchTitleScorer(TorchBackbone backbone)
{
    /// <param name="packed">Prompt and C candidates.</param>
    /// <param name="embeddings">[1, T, H] of the packed ids, slots in place.</param>
    /// <param name="lora">The correction, or null.</param>
    /// <param name="rankScale">[1, 1, r]</param>
    /// <returns>[C], log p(candidate | prompt).</returns>
    public Tensor Scores(PackedPrompt packed, Tensor embeddings, TorchLora? lora, Tensor? rankScale)
    {
        using var scope = NewDisposeScope();
        var length = packed.Ids.Length;
        var positions = tensor(packed.Positions.Select(at => (long)at).ToArray(), device: backbone.Device);
        var mask = tensor(packed.Mask(), [length, length], device: backbone.Device);
        var hidden = backbone.Hidden(embeddings, positions, mask, lora, rankScale)[0];                          // [T, H]
        var rows = hidden.index_select(0, Index(packed.Scored.Select(scored => scored.Row)));                   // [S, H]
        var tokens = Index(packed.Scored.Select(scored => scored.Token)).unsqueeze(1);
        var logs = backbone.Logits(rows).log_softmax(-1).gather(1, tokens).squeeze(1);                          // [S]
        return zeros(packed.Candidates, device: backbone.Device)
            .SumInto(Index(packed.Scored.Select(scored => scored.Candidate)), logs).MoveToOuterDisposeScope();
    }

    /// <param name="scores">[C]</param>
    /// <param name="target">Which candidate was right.</param>
    /// <returns>-log softmax(scores)[target]</returns>
    public static Tensor ListwiseLoss(Tensor scores, int target) => -scores.log_softmax(0)[target];

    /// <param name="scores">[C]</param>
    /// <param name="target">Which candidate was right.</param>
    /// <param name="tokens">Its length.</param>
    /// <returns>The paper's loss: mean cross-entropy of the answer's tokens.</returns>
    public static Tensor LanguageModelLoss(Tensor scores, int target, int tokens) => scores[target].Times(-1.0 / tokens);

    private Tensor Index(IEnumerable<int> values) => tensor(values.Select(value => (long)value).ToArray(), device: backbone.Device);
}
