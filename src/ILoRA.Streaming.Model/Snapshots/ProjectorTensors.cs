using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>Converts a <see cref="Projector"/> to and from its four tensors.</summary>
public static class ProjectorTensors
{
    public static IEnumerable<Tensor> Write(Projector projector) =>
    [
        new Tensor("projector.0.weight", [projector.Hidden, projector.Width], projector.Weight0),
        new Tensor("projector.0.bias", [projector.Hidden], projector.Bias0),
        new Tensor("projector.2.weight", [projector.Hidden, projector.Hidden], projector.Weight2),
        new Tensor("projector.2.bias", [projector.Hidden], projector.Bias2),
    ];

    /// <summary>Reads a projector.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing or the shapes are inconsistent.</exception>
    public static Projector Read(SafetensorsFile file)
    {
        var shape = file.Shape("projector.0.weight");
        if (shape.Count != 2)
            throw new InvalidDataException($"{file.Source}: 'projector.0.weight' has {shape.Count} dimensions, expected [hidden, width].");
        int hidden = shape[0], width = shape[1];
        return new Projector(width, hidden,
            ShapedTensor.Read(file, "projector.0.weight", hidden, width),
            ShapedTensor.Read(file, "projector.0.bias", hidden),
            ShapedTensor.Read(file, "projector.2.weight", hidden, hidden),
            ShapedTensor.Read(file, "projector.2.bias", hidden));
    }
}
