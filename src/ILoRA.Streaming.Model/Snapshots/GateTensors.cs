using System.Globalization;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>A gate's tensor, and its sizes, which a uniform gate has no tensor to say by.</summary>
public static class GateTensors
{
    public const string Weight = "gate.weight";
    public const string Experts = "experts";
    public const string Width = "width";

    public static IEnumerable<Tensor> Write(Gate gate) => gate.IsUniform ? [] : [new Tensor(Weight, [gate.Experts, gate.Width], gate.Weight)];

    public static IReadOnlyDictionary<string, string> Metadata(Gate gate) => new Dictionary<string, string> { [Experts] = Text(gate.Experts), [Width] = Text(gate.Width) };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
