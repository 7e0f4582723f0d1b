using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Prompts;

namespace ILoRA.Streaming.Model.Reference;

/// <summary>Computes title scores, the listwise loss and the language-model loss by the reference forward pass.</summary>
public sealed class ReferenceScorer(ReferenceForward forward)
{
    /// <summary>Computes log p(candidate | prompt) of each candidate.</summary>
    /// <param name="packed">The prompt and the candidates.</param>
    /// <param name="slots">The item slots of the prompt.</param>
    /// <param name="embeddings">The embedding [H] that replaces that of each slot.</param>
    /// <param name="correction">The user's LoRA correction, or null for the backbone alone.</param>
    /// <returns>[candidates], in nats.</returns>
    public double[] Scores(PackedPrompt packed, IReadOnlyList<int> slots, IReadOnlyList<float[]> embeddings, LoraCorrection? correction)
    {
        var hidden = forward.Hidden(ForwardInput.Packed(packed).WithItems(slots, embeddings), correction);
        var rows =
            packed.Scored.Select(token => token.Row).Distinct().ToDictionary(row => row, row => LogSoftmax(forward.Logits(hidden[row])));
        return packed.Scores<double>(Array.ConvertAll(packed.Scored, token => rows[token.Row][token.Token]));
    }

    /// <summary>The listwise loss: -log softmax(scores)[target].</summary>
    public static double ListwiseLoss(ReadOnlySpan<double> scores, int target) => -LogSoftmax(scores)[target];

    /// <summary>The language-model loss: the negative score of the target divided by its number of tokens.</summary>
    public static double LanguageModelLoss(ReadOnlySpan<double> scores, int target, int tokens) => -scores[target] / tokens;

    private static double[] LogSoftmax(ReadOnlySpan<double> logits)
    {
        var max = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (var logit in logits)
            sum += Math.Exp(logit - max);
        var result = new double[logits.Length];
        TensorPrimitives.Subtract(logits, max + Math.Log(sum), result);
        return result;
    }
}
