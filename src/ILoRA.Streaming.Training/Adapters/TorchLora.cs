using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Adapters;

/// <summary>The LoRA factors A and B of all adapted layers as trainable parameters.</summary>
public sealed class TorchLora : IDisposable
{
    private readonly Dictionary<LoraSite, (Parameter A, Parameter B)> pairs = [];
    private readonly HashSet<LoraSite> zeroAndFrozen = [];
    private readonly Model.Backbones.BackboneConfig config;

    /// <param name="config">The backbone's dimensions.</param>
    /// <param name="weights">The initial factors.</param>
    /// <param name="device">The device of the factors.</param>
    /// <param name="frozen">
    /// The number of lowest layers that are not trained; where B is zero there, the correction is not computed.
    /// </param>
    public TorchLora(Model.Backbones.BackboneConfig config, LoraWeights weights, Device device, int frozen = 0)
    {
        this.config = config;
        Shape = weights.Shape;
        foreach (var (site, pair) in weights.Pairs)
        {
            pairs[site] = (pair.A.KeepParameter(device, Shape.Rank, config.InputWidth(site.Target)),
                pair.B.KeepParameter(device, config.OutputWidth(site.Target), Shape.Rank));
            if (site.Layer < frozen && Array.TrueForAll(pair.B, value => value == 0))
                zeroAndFrozen.Add(site);
        }
    }

    public AdapterShape Shape { get; }

    /// <summary>The parameters, named <c>LAYER.TARGET.A</c> and <c>LAYER.TARGET.B</c>.</summary>
    /// <param name="from">The lowest layer to include.</param>
    public IEnumerable<(string Name, Parameter Value)> Parameters(int from = 0) => pairs.Where(pair => pair.Key.Layer >= from)
        .OrderBy(pair => pair.Key.Layer).ThenBy(pair => pair.Key.Target)
        .SelectMany(pair => new[] { ($"{Name(pair.Key)}.A", pair.Value.A), ($"{Name(pair.Key)}.B", pair.Value.B) });

    /// <summary>The LoRA correction of a linear layer's output: B diag(rank scale) A x.</summary>
    /// <param name="x">[B, T, in], the layer's input.</param>
    /// <param name="site">The linear layer.</param>
    /// <param name="rankScale">[B, 1, r], see <see cref="TorchGate.RankScale"/>.</param>
    /// <returns>[B, T, out]; null where the layer is not adapted or its correction is zero.</returns>
    public Tensor? Correction(Tensor x, LoraSite site, Tensor rankScale)
    {
        if (zeroAndFrozen.Contains(site) || !pairs.TryGetValue(site, out var pair))
            return null;
        var low = nn.functional.linear(x, pair.A.to(x.dtype)) * rankScale;      // [B, T, r]
        return nn.functional.linear(low, pair.B.to(x.dtype));
    }

    public LoraWeights Export() =>
        new(Shape, pairs.ToDictionary(pair => pair.Key, pair => new LoraPair(pair.Value.A.Values(), pair.Value.B.Values())));

    /// <summary>
    /// Initialises an adapter as PEFT does: A Kaiming-uniform with a = sqrt(5), that is U(-1/sqrt(in), 1/sqrt(in)), and B zero.
    /// </summary>
    public static LoraWeights Initial(Model.Backbones.BackboneConfig config, AdapterShape shape, Random random)
    {
        var sites = from layer in Enumerable.Range(0, config.Layers) from target in shape.Targets select new LoraSite(layer, target);
        return new(shape, sites.ToDictionary(site => site, site =>
        {
            var bound = 1 / MathF.Sqrt(config.InputWidth(site.Target));
            return new LoraPair(RandomValues.Uniform(random, shape.Rank * config.InputWidth(site.Target), bound),
                new float[config.OutputWidth(site.Target) * shape.Rank]);
        }));
    }

    private static string Name(LoraSite site) => $"{site.Layer}.{Model.Backbones.LoraTargets.ShortName(site.Target)}";

    public void Dispose()
    {
        foreach (var (a, b) in pairs.Values)
        {
            a.Dispose();
            b.Dispose();
        }
    }
}
