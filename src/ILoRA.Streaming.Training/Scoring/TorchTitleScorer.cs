using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>Scores candidates' titles packed behind a prompt, and the losses on those scores.</summary>
/// <param name="backbone">The decoder.</param>
/// <param name="frozen">How many of the lowest layers pass no gradient.</param>
public sealed class TorchTitleScorer(TorchBackbone backbone, int frozen = 0)
{
    /// <summary>Under the backbone alone, without item rows, gradient or correction.</summary>
    /// <param name="prompt">[N]</param>
    /// <param name="candidates">C titles as answers.</param>
    /// <returns>[C], log p(candidate | prompt).</returns>
    public float[] Scores(int[] prompt, IReadOnlyList<int[]> candidates)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var packed = PackedPrompt.Pack(prompt, candidates);
        return Scores(packed, backbone.Embed(tensor(Array.ConvertAll(packed.Ids, id => (long)id), [1, packed.Ids.Length], device: backbone.Device)), null, null).Values();
    }

    /// <param name="packed">Prompt and C candidates.</param>
    /// <param name="embeddings">[1, T, H] of the packed ids, slots in place.</param>
    /// <param name="lora">The correction, or null.</param>
    /// <param name="rankScale">[1, 1, r]</param>
    /// <returns>[C], log p(candidate | prompt).</returns>
    public Tensor Scores(PackedPrompt packed, Tensor embeddings, TorchLora? lora, Tensor? rankScale) => Scores([packed], embeddings, lora, rankScale)[0];

    /// <param name="packed">B prompts with their candidates.</param>
    /// <param name="embeddings">[B, T, H] of the packed ids, right-padded, slots in place.</param>
    /// <param name="lora">The correction, or null.</param>
    /// <param name="rankScale">[B, 1, r]</param>
    /// <returns>Each prompt's [C], log p(candidate | prompt).</returns>
    public Tensor[] Scores(IReadOnlyList<PackedPrompt> packed, Tensor embeddings, TorchLora? lora, Tensor? rankScale)
    {
        using var scope = NewDisposeScope();
        var length = (int)embeddings.shape[1];
        // All first tokens of a prompt's candidates are predicted by one row: it meets the vocabulary once.
        var rows = packed.Select(prompt => prompt.Scored.Select(token => token.Row).Distinct().ToArray()).ToArray();
        var places = new OutputPositions(rows, length, backbone.Device);
        var hidden = places.Read(backbone.Hidden(embeddings, Positions(packed, length), Mask(packed, length), lora, rankScale, places, frozen));                // [R, H]
        var index = rows.SelectMany((own, b) => own.Select(row => (b, row))).Index().ToDictionary(place => place.Item, place => place.Index);
        var scored = packed.SelectMany((prompt, b) => prompt.Scored.Select(token => (Row: index[(b, token.Row)], token.Token))).ToArray();
        var logs = backbone.Logits(hidden).log_softmax(-1);                                                                                            // [R, V]
        var picked = logs.index_select(0, Index(scored.Select(token => token.Row))).gather(1, Index(scored.Select(token => token.Token)).unsqueeze(1)).squeeze(1);
        var (scores, from) = (new Tensor[packed.Count], 0);
        for (var b = 0; b < packed.Count; b++)
        {
            var tokens = packed[b].Scored;
            scores[b] = zeros(packed[b].Candidates, device: backbone.Device).SumInto(Index(tokens.Select(token => token.Candidate)), picked.narrow(0, from, tokens.Length)).MoveToOuterDisposeScope();
            from += tokens.Length;
        }
        return scores;
    }

    // [B, T]; padding stands at 0.
    private Tensor Positions(IReadOnlyList<PackedPrompt> packed, int length)
    {
        var positions = new long[packed.Count * length];
        for (var b = 0; b < packed.Count; b++)
            for (var t = 0; t < packed[b].Positions.Length; t++)
                positions[b * length + t] = packed[b].Positions[t];
        return tensor(positions, [packed.Count, length], device: backbone.Device);
    }

    // [B, 1, T, T]; nothing sees padding, and padding sees all, which keeps its softmax a number.
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
