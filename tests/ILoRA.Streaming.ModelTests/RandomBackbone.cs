using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.ModelTests;

/// <summary>A small backbone of any family with random weights, in a temporary folder.</summary>
internal sealed class RandomBackbone : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("backbone").FullName;

    /// <summary>Writes and loads the backbone.</summary>
    /// <param name="family">One of <see cref="BackboneFamily.All"/>.</param>
    /// <param name="scale">The factor of a tensor's values, by the tensor's name; null for 1.</param>
    public RandomBackbone(string family, Func<string, float>? scale = null)
    {
        var config = Backbone.Load(Golden.Own("llama")).Config with { Family = family, Tied = false };
        var random = new Random(3);
        Tensor[] tensors = [.. BackboneTensor.All(config).Select(tensor => Values(tensor, random, scale?.Invoke(tensor.Name) ?? 1))];
        BackboneFolder.Write(folder, config, tensors, File.ReadAllBytes(Path.Combine(Golden.Own("llama"), "tokenizer.json")));
        Backbone = Backbone.Load(folder);
    }

    public Backbone Backbone { get; }

    public void Dispose() => Directory.Delete(folder, true);

    // Norms are near 1 and all other weights near 0, so that the logits neither vanish nor saturate.
    private static Tensor Values(BackboneTensor tensor, Random random, float scale)
    {
        var centre = tensor.Name.EndsWith("norm.weight", StringComparison.Ordinal) ? 1 : 0;
        var values = new float[tensor.Shape.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = scale * (centre + 0.3f * (random.NextSingle() - 0.5f));
        return new Tensor(tensor.Name, tensor.Shape, values);
    }
}
