using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>A score head's tensors.</summary>
public static class HeadTensors
{
    private const string TitleWeightsName = "head.title_weights";

    public static IEnumerable<Tensor> Write(ScoreHead head) =>
    [
        new Tensor("head.title.weight", [head.Hidden, head.Hidden], head.Title),
        new Tensor("head.item.weight", [head.Hidden, head.Width], head.Item),
        new Tensor("head.centre", [head.Hidden], head.Centre),
        new Tensor("head.weights", [ScoreWeights.Count], head.Weights.ToArray()),
        new Tensor(TitleWeightsName, [TitleWeights.Count], head.TitleWeights.ToArray()),
    ];

    /// <exception cref="InvalidDataException">A tensor is missing or the shapes don't fit together.</exception>
    public static ScoreHead Read(SafetensorsFile file)
    {
        var shape = file.Shape("head.item.weight");
        if (shape.Count != 2)
            throw new InvalidDataException($"{file.Source}: 'head.item.weight' has {shape.Count} dimensions, expected [hidden, width].");
        return new ScoreHead(shape[0], shape[1],
            ShapedTensor.Read(file, "head.title.weight", shape[0], shape[0]),
            ShapedTensor.Read(file, "head.item.weight", shape[0], shape[1]),
            ShapedTensor.Read(file, "head.centre", shape[0]),
            ScoreWeights.Of(ShapedTensor.Read(file, "head.weights", ScoreWeights.Count)))
        {
            TitleWeights = TitleWeights.Of(ShapedTensor.Read(file, TitleWeightsName, TitleWeights.Count)),
        };
    }
}
