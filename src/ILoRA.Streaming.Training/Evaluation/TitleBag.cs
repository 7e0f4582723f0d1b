using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// A baseline that uses the language model's title vectors without a forward pass over a prompt: the cosine similarity of a candidate's
/// title vector and the mean of the history's, all centred by the catalogue's mean. Methods with a forward pass must be compared with this
/// one.
/// </summary>
public sealed class TitleBag
{
    public const string Name = "bag of titles";

    private readonly float[][] directions;     // [M][H], of length 1

    public TitleBag(EvaluatedBackbone backbone)
    {
        float[][] vectors = [.. backbone.Set.Titles.Select(title => TitleVectors.Of(backbone.Source, title))];
        var centre = Mean(vectors);
        directions = [.. vectors.Select(vector => TitleSimilarity.Direction(vector, centre))];
    }

    public Method Method => new(Name, true, row =>
    {
        var query = row.History.Length == 0 ? new float[directions[0].Length] : Mean([.. row.History.Select(item => directions[item])]);
        return row.Pick(row.Distinct().ToDictionary(item => item, item => TensorPrimitives.Dot<float>(query, directions[item])));
    });

    private static float[] Mean(float[][] vectors)
    {
        var sum = new float[vectors[0].Length];
        foreach (var vector in vectors)
            TensorPrimitives.Add(sum, vector, sum);
        TensorPrimitives.Divide(sum, vectors.Length, sum);
        return sum;
    }
}
