using System.Globalization;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>
/// Converts a gate to and from tensors: none for a uniform gate, two more where it has a hidden layer. Its sizes are in the metadata too,
/// since a uniform gate has no tensor to read them from.
/// </summary>
public static class GateTensors
{
    public const string Weight = "gate.weight";
    public const string HiddenWeight = "gate.hidden.weight";
    public const string HiddenBias = "gate.hidden.bias";
    public const string Experts = "experts";
    public const string Width = "width";

    public static IEnumerable<Tensor> Write(Gate gate)
    {
        if (gate.IsUniform)
            yield break;
        yield return new Tensor(Weight, [gate.Experts, gate.Width], gate.Weight);
        if (gate.Hidden is not { } hidden)
            yield break;
        yield return new Tensor(HiddenWeight, [gate.Width, gate.Width], hidden.Weight);
        yield return new Tensor(HiddenBias, [gate.Width], hidden.Bias);
    }

    /// <summary>Reads a gate; a uniform one where the file has no tensor of a gate.</summary>
    /// <param name="file">The file; it can hold other tensors too.</param>
    /// <param name="experts">K</param>
    /// <param name="width">d</param>
    /// <exception cref="InvalidDataException">Some of the tensors are missing, or one has another shape; the message names it.</exception>
    public static Gate Read(SafetensorsFile file, int experts, int width)
    {
        var hidden = file.Contains(HiddenWeight) || file.Contains(HiddenBias)
            ? new GateLayer(ShapedTensor.Read(file, HiddenWeight, width, width), ShapedTensor.Read(file, HiddenBias, width))
            : null;
        return hidden is null && !file.Contains(Weight)
            ? Gate.Uniform(experts, width) : new Gate(experts, width, ShapedTensor.Read(file, Weight, experts, width), hidden);
    }

    public static IReadOnlyDictionary<string, string> Metadata(Gate gate) =>
        new Dictionary<string, string> { [Experts] = Text(gate.Experts), [Width] = Text(gate.Width) };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
