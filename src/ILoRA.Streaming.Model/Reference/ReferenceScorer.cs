using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Prompts;

namespace ILoRA.Streaming.Model.Reference;

/// <summary>Title scores and the paper's two losses by the reference forward.</summary>
public sealed class ReferenceScorer(ReferenceForward forward)
{
    /// <summary>log p(candidate | prompt) of each candidate, packed in one sequence.</summary>
    /// <param name="packed">Prompt and candidates.</param>
    /// <param name="slots">Item slots of the prompt.</param>
    /// <param name="embeddings">What replaces the embeddings there, [H] each.</param>
    /// <param name="correction">The user's LoRA, or null.</param>
    /// <returns>[candidates]</returns>
    public double[] Scores(PackedPrompt packed, IReadOnlyList<int> slots, IReadOnlyList<float[]> embeddings, LoraCorrection? correction)
    {
        var hidden = forward.Hidden(ForwardInput.Packed(packed).WithItems(slots, embeddings), correction);
        var rows = packed.Scored.Select(token => token.Row).Distinct().ToDictionary(row => row, row => LogSoftmax(forward.Logits(hidden[row])));
        return packed.Scores<double>(Array.ConvertAll(packed.Scored, token => rows[token.Row][token.Token]));
    }

    /// <summary>-log softmax(scores)[target].</summary>
    public static double ListwiseLoss(ReadOnlySpan<double> scores, int target) => -LogSoftmax(scores)[target];

    /// <summary>-score of the target by its tokens.</summary>
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
