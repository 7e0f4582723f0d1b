using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Adapters;

/// <summary>The projector from item rows of the encoder to token embeddings of the backbone, with trainable parameters.</summary>
public sealed class TorchProjector(Projector source, Device device) : IDisposable
{
    private readonly Parameter weight0 = source.Weight0.KeepParameter(device, source.Hidden, source.Width);
    private readonly Parameter bias0 = source.Bias0.KeepParameter(device, source.Hidden);
    private readonly Parameter weight2 = source.Weight2.KeepParameter(device, source.Hidden, source.Hidden);
    private readonly Parameter bias2 = source.Bias2.KeepParameter(device, source.Hidden);

    public IEnumerable<(string Name, Parameter Value)> Parameters() =>
        [("projector.0.weight", weight0), ("projector.0.bias", bias0), ("projector.2.weight", weight2), ("projector.2.bias", bias2)];

    /// <summary>Projects item rows: two linear layers with a GELU between them.</summary>
    /// <param name="rows">[S, d], item rows of the encoder.</param>
    /// <returns>[S, H], the embeddings of the item slots.</returns>
    public Tensor Project(Tensor rows) =>
        nn.functional.linear(nn.functional.gelu(nn.functional.linear(rows, weight0, bias0)), weight2, bias2);

    public Projector Export() =>
        source with { Weight0 = weight0.Values(), Bias0 = bias0.Values(), Weight2 = weight2.Values(), Bias2 = bias2.Values() };

    /// <summary>Initialises both linear layers as PyTorch does: uniform within 1/sqrt(inputs).</summary>
    public static Projector Initial(int width, int hidden, Random random) => new(width, hidden,
        RandomValues.Uniform(random, hidden * width, 1 / MathF.Sqrt(width)), RandomValues.Uniform(random, hidden, 1 / MathF.Sqrt(width)),
        RandomValues.Uniform(random, hidden * hidden, 1 / MathF.Sqrt(hidden)),
        RandomValues.Uniform(random, hidden, 1 / MathF.Sqrt(hidden)));

    public void Dispose()
    {
        foreach (var (_, parameter) in Parameters())
            parameter.Dispose();
    }
}
