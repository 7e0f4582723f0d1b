using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;

namespace ILoRA.Streaming.Model.Scoring;

/// <summary>A title as one vector: the mean of its tokens' embeddings, scaled to a root mean square of 1. The hidden states of a tiny model were tried and ranked no better.</summary>
public static class TitleVectors
{
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
