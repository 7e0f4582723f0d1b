using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>
/// Computes log-likelihoods of candidates' titles that are packed behind their prompt in one sequence, and the losses on such scores.
/// </summary>
/// <param name="backbone">The backbone.</param>
/// <param name="frozen">The number of lowest layers through which no gradient is propagated.</param>
public sealed class TorchTitleScorer(TorchBackbone backbone, int frozen = 0)
{
    /// <summary>Log-likelihoods under the backbone alone: without LoRA, item embeddings and gradients.</summary>
    /// <param name="prompt">The prompt's token ids.</param>
    /// <param name="candidates">The token ids of C titles.</param>
    /// <returns>[C], log p(candidate | prompt).</returns>
    public float[] Scores(int[] prompt, IReadOnlyList<int[]> candidates)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var packed = PackedPrompt.Pack(prompt, candidates);
        return Scores(packed,
            backbone.Embed(tensor(Array.ConvertAll(packed.Ids, id => (long)id), [1, packed.Ids.Length], device: backbone.Device)), null,
            null).Values();
    }

    /// <summary>Log-likelihoods of one prompt's candidates.</summary>
    /// <param name="packed">The prompt and its C candidates.</param>
    /// <param name="embeddings">[1, T, H], embeddings of the packed tokens, with item embeddings in the slots.</param>
    /// <param name="lora">The LoRA factors, or null.</param>
    /// <param name="rankScale">[1, 1, r], or null without LoRA.</param>
    /// <returns>[C], log p(candidate | prompt).</returns>
    public Tensor Scores(PackedPrompt packed, Tensor embeddings, TorchLora? lora, Tensor? rankScale) =>
        Scores([packed], embeddings, lora, rankScale)[0];

    /// <summary>Log-likelihoods of several prompts' candidates.</summary>
    /// <param name="packed">B prompts with their candidates.</param>
    /// <param name="embeddings">[B, T, H], embeddings of the packed tokens, right-padded, with item embeddings in the slots.</param>
    /// <param name="lora">The LoRA factors, or null.</param>
    /// <param name="rankScale">[B, 1, r], or null without LoRA.</param>
    /// <returns>For each prompt [C], log p(candidate | prompt).</returns>
    public Tensor[] Scores(IReadOnlyList<PackedPrompt> packed, Tensor embeddings, TorchLora? lora, Tensor? rankScale)
    {
        using var scope = NewDisposeScope();
        var length = (int)embeddings.shape[1];
        // The first tokens of all candidates of a prompt are predicted at the same position, so its logits are computed once.
        var rows = packed.Select(prompt => prompt.Scored.Select(token => token.Row).Distinct().ToArray()).ToArray();
        var outputs = new OutputPositions(rows, length, backbone.Device);
        var (positions, mask) = (Positions(packed, length), Mask(packed, length));
        var hidden = outputs.Read(backbone.Hidden(embeddings, positions, mask, lora, rankScale, outputs, frozen));       // [R, H]
        var index =
            rows.SelectMany((own, b) => own.Select(row => (b, row))).Index().ToDictionary(place => place.Item, place => place.Index);
        var scored = packed.SelectMany((prompt, b) => prompt.Scored.Select(token => (Row: index[(b, token.Row)], token.Token))).ToArray();
        // [R, V].
        var logs = backbone.Logits(hidden).log_softmax(-1);
        var picked =
            logs.index_select(0, Index(scored.Select(token => token.Row)))
                .gather(1, Index(scored.Select(token => token.Token)).unsqueeze(1)).squeeze(1);
        var (scores, from) = (new Tensor[packed.Count], 0);
        for (var b = 0; b < packed.Count; b++)
        {
            var tokens = packed[b].Scored;
            scores[b] =
                zeros(packed[b].Candidates, device: backbone.Device)
                    .SumInto(Index(tokens.Select(token => token.Candidate)), picked.narrow(0, from, tokens.Length))
                    .MoveToOuterDisposeScope();
            from += tokens.Length;
        }
        return scores;
    }

    // [B, T]; 0 at padding.
    private Tensor Positions(IReadOnlyList<PackedPrompt> packed, int length)
    {
        var positions = new long[packed.Count * length];
        for (var b = 0; b < packed.Count; b++)
            for (var t = 0; t < packed[b].Positions.Length; t++)
                positions[b * length + t] = packed[b].Positions[t];
        return tensor(positions, [packed.Count, length], device: backbone.Device);
    }

    // [B, 1, T, T]; no token attends to padding. Padding attends to everything, because a fully masked softmax would give NaN.
    private Tensor Mask(IReadOnlyList<PackedPrompt> packed, int length)
    {
        var mask = new float[packed.Count * length * length];
        for (var b = 0; b < packed.Count; b++)
        {
            var (own, size) = (packed[b].Mask(), packed[b].Ids.Length);
            for (var query = 0; query < size; query++)
            {
                var row = mask.AsSpan((b * length + query) * length, length);
                own.AsSpan(query * size, size).CopyTo(row);
                row[size..].Fill(float.NegativeInfinity);
            }
        }
        return tensor(mask, [packed.Count, 1, length, length], device: backbone.Device);
    }

    /// <summary>The listwise loss: cross-entropy of the softmax over the candidates' scores.</summary>
    /// <param name="scores">[C], the candidates' scores.</param>
    /// <param name="target">The index of the target.</param>
    /// <returns>-log softmax(scores)[target], nats.</returns>
    public static Tensor ListwiseLoss(Tensor scores, int target) => -scores.log_softmax(0)[target];

    /// <summary>The loss of the iLoRA paper: mean cross-entropy of the tokens of the target's title.</summary>
    /// <param name="scores">[C], the candidates' log-likelihoods.</param>
    /// <param name="target">The index of the target.</param>
    /// <param name="tokens">The number of tokens of the target's title.</param>
    /// <returns>Nats per token.</returns>
    public static Tensor LanguageModelLoss(Tensor scores, int target, int tokens) => scores[target].Times(-1.0 / tokens);

    private Tensor Index(IEnumerable<int> values) => tensor(values.Select(value => (long)value).ToArray(), device: backbone.Device);
}
