using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>Converts LoRA factors to and from tensors with PEFT's names.</summary>
public static class LoraTensors
{
    private const string Prefix = "base_model.model.model.layers.";
    private const int MaxLayers = 4096;

    public static IEnumerable<Tensor> Write(LoraWeights lora)
    {
        foreach (var (site, pair) in lora.Pairs)
        {
            var rank = lora.Shape.Rank;
            yield return new Tensor(Name(site, "A"), [rank, pair.A.Length / rank], pair.A);
            yield return new Tensor(Name(site, "B"), [pair.B.Length / rank, rank], pair.B);
        }
    }

    /// <summary>Whether a name has the prefix of a decoder layer's LoRA tensor.</summary>
    public static bool IsOfLayer(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The number of decoder layers in a file of factors: one more than the highest layer.</summary>
    /// <exception cref="InvalidDataException">The file has no LoRA tensor.</exception>
    public static int Layers(SafetensorsFile file)
    {
        var layers = file.Names.Where(IsOfLayer)
            .Select(name => int.TryParse(name[Prefix.Length..].Split('.')[0], out var layer) && layer < MaxLayers ? layer : -1)
            .DefaultIfEmpty(-1).Max() + 1;
        return layers >= 1
            ? layers
            : throw new InvalidDataException(
                $"{file.Source}: no tensor is named {Prefix}LAYER...; it has no LoRA factors of decoder layers.");
    }

    /// <summary>Reads the factors of all layers.</summary>
    /// <exception cref="InvalidDataException">A factor is missing, has another rank, or belongs to a layer outside the shape.</exception>
    public static LoraWeights Read(SafetensorsFile file, AdapterShape shape)
    {
        var pairs = new Dictionary<LoraSite, LoraPair>();
        var layers = Layers(file);
        for (var layer = 0; layer < layers; layer++)
            foreach (var target in shape.Targets)
                pairs.Add(new LoraSite(layer, target), ReadPair(file, new LoraSite(layer, target), shape.Rank));
        var extra =
            file.Names.Where(IsOfLayer).Except(pairs.Keys.SelectMany(site => (string[])[Name(site, "A"), Name(site, "B")]))
                .FirstOrDefault();
        return extra is null
            ? new LoraWeights(shape, pairs)
            : throw new InvalidDataException(
                $"{file.Source}: tensor '{extra}' belongs to none of the "
                    + $"layers {string.Join(" ", shape.Targets.Select(LoraTargets.ShortName))} that the adapter names.");
    }

    /// <summary>PEFT's name of a factor.</summary>
    /// <param name="site">The adapted layer.</param>
    /// <param name="factor">A or B.</param>
    public static string Name(LoraSite site, string factor) =>
        $"{Prefix}{site.Layer}.{LoraTargets.ModuleOf(site.Target)}.lora_{factor}.weight";

    private static LoraPair ReadPair(SafetensorsFile file, LoraSite site, int rank)
    {
        Tensor a = file.Read(Name(site, "A")), b = file.Read(Name(site, "B"));
        if (a.Shape.Count != 2 || b.Shape.Count != 2 || a.Shape[0] != rank || b.Shape[1] != rank)
            throw new InvalidDataException(
                $"{file.Source}: '{a.Name}' is [{string.Join(", ", a.Shape)}] and its B [{string.Join(", ", b.Shape)}]; rank {rank} "
                    + $"needs [{rank}, in] and [out, {rank}].");
        return new LoraPair(a.Values, b.Values);
    }
}
