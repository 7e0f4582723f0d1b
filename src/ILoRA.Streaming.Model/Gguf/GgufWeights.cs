using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Gguf;

/// <summary>The tensors of a GGUF file under Hugging Face's names and in its row order.</summary>
internal sealed class GgufWeights : ITensorFile
{
    private readonly GgufFile file;
    private readonly BackboneConfig config;
    private readonly Dictionary<string, (string Name, int Heads)> places = new(StringComparer.Ordinal)
    {
        [BackboneTensor.Embedding] = ("token_embd.weight", 0),
        [BackboneTensor.FinalNorm] = ("output_norm.weight", 0),
        [BackboneTensor.Output] = ("output.weight", 0),
    };

    public GgufWeights(GgufFile file, BackboneConfig config)
    {
        (this.file, this.config) = (file, config);
        // A header can claim any number of layers, so the loop ends at the first layer that has no tensors.
        for (var layer = 0; layer < config.Layers && file.Contains($"blk.{layer}.attn_norm.weight"); layer++)
            AddLayer(layer);
    }

    public string Source => file.Source;

    public bool Contains(string name) => places.TryGetValue(name, out var place) && file.Contains(place.Name);

    public IReadOnlyList<int> Shape(string name) => file.Shape(Place(name).Name);

    public string Type(string name) => file.Type(Place(name).Name);

    public Tensor Read(string name)
    {
        var (own, heads) = Place(name);
        var tensor = file.Read(own) with { Name = name };
        return heads > 0 ? tensor with { Values = Deinterleaved(tensor, heads) } : tensor;
    }

    public void ReadRows(string name, int first, Span<float> into)
    {
        var (own, heads) = Place(name);
        if (heads == 0)
        {
            file.ReadRows(own, first, into);
            return;
        }
        var shape = file.Shape(own);
        RowRange.Start(shape, first, into.Length);
        for (var row = 0; row * shape[1] < into.Length; row++)
            file.ReadRows(own, PlaceOf(first + row, shape[0] / heads), into.Slice(row * shape[1], shape[1]));
    }

    private void AddLayer(int layer)
    {
        places[BackboneTensor.InputNorm(layer)] = ($"blk.{layer}.attn_norm.weight", 0);
        places[BackboneTensor.PostNorm(layer)] = ($"blk.{layer}.ffn_norm.weight", 0);
        foreach (var target in Enum.GetValues<LoraTarget>())
        {
            var heads = (BackboneFamily.Of(config.Family, Source).GgufInterleaved, target) switch
            {
                (true, LoraTarget.Q) => config.Heads,
                (true, LoraTarget.K) => config.KvHeads,
                _ => 0,
            };
            places[BackboneTensor.Linear(layer, target)] = ($"blk.{layer}.{ModuleOf(target)}.weight", heads);
            places[BackboneTensor.Bias(layer, target)] = ($"blk.{layer}.{ModuleOf(target)}.bias", heads);
            places[BackboneTensor.HeadNorm(layer, target)] = ($"blk.{layer}.{ModuleOf(target)}_norm.weight", 0);
        }
    }

    private static string ModuleOf(LoraTarget target) => target switch
    {
        LoraTarget.O => "attn_output",
        LoraTarget.Gate or LoraTarget.Up or LoraTarget.Down => "ffn_" + LoraTargets.ShortName(target),
        _ => "attn_" + LoraTargets.ShortName(target),
    };

    private (string Name, int Heads) Place(string name) => places.TryGetValue(name, out var place)
        ? place
        : throw new InvalidDataException($"{Source}: tensor '{name}' is missing.");

    private static float[] Deinterleaved(Tensor tensor, int heads)
    {
        var width = tensor.Shape.Count > 1 ? tensor.Shape[1] : 1;
        var values = new float[tensor.Values.Length];
        for (var row = 0; row < tensor.Shape[0]; row++)
            tensor.Values.AsSpan(PlaceOf(row, tensor.Shape[0] / heads) * width, width).CopyTo(values.AsSpan(row * width, width));
        return values;
    }

    // The rotary embedding pairs rows 2 i and 2 i + 1 of a head in GGUF, and rows i and d/2 + i in Hugging Face's layout. So row half d/2 +
    // i of a head of d rows here is row 2 i + half in the file.
    private static int PlaceOf(int row, int size)
    {
        var (head, within) = (row / size, row % size);
        return head * size + 2 * (within % (size / 2)) + within / (size / 2);
    }
}
