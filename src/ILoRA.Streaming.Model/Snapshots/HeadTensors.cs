using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>Converts a <see cref="ScoreHead"/> to and from tensors.</summary>
public static class HeadTensors
{
    private const string TitleWeightsName = "head.title_weights", WeightPrefix = "head.weight.";

    public static IEnumerable<Tensor> Write(ScoreHead head) =>
    [
        new Tensor("head.title.weight", [head.Hidden, head.Hidden], head.Title),
        new Tensor("head.item.weight", [head.Hidden, head.Width], head.Item),
        new Tensor("head.centre", [head.Hidden], head.Centre),
        .. ScoreWeights.Terms.Select(term => new Tensor(WeightName(term), [1], [head.Weights[term]])),
        new Tensor(TitleWeightsName, [TitleWeights.Count], head.TitleWeights.ToArray()),
    ];

    /// <summary>Reads a head; the weight of a term that the file does not contain is 0.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, the shapes are inconsistent, or the file has the weight of an unknown
    /// term.</exception>
    public static ScoreHead Read(SafetensorsFile file)
    {
        var shape = file.Shape("head.item.weight");
        if (shape.Count != 2)
            throw new InvalidDataException($"{file.Source}: 'head.item.weight' has {shape.Count} dimensions, expected [hidden, width].");
        return new ScoreHead(shape[0], shape[1],
            ShapedTensor.Read(file, "head.title.weight", shape[0], shape[0]),
            ShapedTensor.Read(file, "head.item.weight", shape[0], shape[1]),
            ShapedTensor.Read(file, "head.centre", shape[0]),
            Weights(file))
        {
            TitleWeights = TitleWeights.Of(ShapedTensor.Read(file, TitleWeightsName, TitleWeights.Count)),
        };
    }

    private static ScoreWeights Weights(SafetensorsFile file)
    {
        var known = ScoreWeights.Terms.ToDictionary(WeightName);
        var weights = ScoreWeights.None;
        foreach (var name in file.Names.Where(name => name.StartsWith(WeightPrefix, StringComparison.Ordinal)))
        {
            if (!known.TryGetValue(name, out var term))
                throw new InvalidDataException($"{file.Source}: '{name}' is the weight of an unknown term of the score; "
                    + $"known are {string.Join(", ", ScoreWeights.Terms.Select(ScoreWeights.NameOf))}.");
            weights = weights.With(term, ShapedTensor.Read(file, name, 1)[0]);
        }
        return weights;
    }

    private static string WeightName(ScoreTerm term) => WeightPrefix + ScoreWeights.NameOf(term);
}
