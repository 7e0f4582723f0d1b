using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;

namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// Title vectors: the mean of a title's token embeddings, scaled to a root mean square of 1. Hidden states of a small model ranked no
/// better in trials.
/// </summary>
public static class TitleVectors
{
    /// <summary>Computes the vector of a title.</summary>
    /// <returns>[H]; zeros for an empty title.</returns>
    public static float[] Of(Backbone backbone, string title)
    {
        var hidden = backbone.Config.Hidden;
        var (sum, row) = (new float[hidden], new float[hidden]);
        foreach (var token in HistoryPrompt.Title(backbone.Tokenizer, "", title))
        {
            backbone.ReadRows(BackboneTensor.Embedding, token, row);
            TensorPrimitives.Add(sum, row, sum);
        }
        var square = TensorPrimitives.SumOfSquares(sum) / hidden;
        if (square > 0)
            TensorPrimitives.Multiply(sum, 1 / MathF.Sqrt(square), sum);
        return sum;
    }
}
