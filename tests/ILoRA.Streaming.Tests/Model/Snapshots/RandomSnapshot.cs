using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Model.Snapshots;

/// <summary>Creates small random snapshots from a seed, with different kinds of gates, scorers and prompts.</summary>
internal static class RandomSnapshot
{
    public static readonly LoraTarget[] Targets = [LoraTarget.Q, LoraTarget.Down];

    private const int Hidden = 6, FeedForward = 10, Layers = 2;

    public static Snapshot Create(int seed, int experts = 2, int width = 4, int items = 3)
    {
        var random = new Random(seed);
        var shape = new AdapterShape(experts, 2 * experts, 16, Targets);
        return new Snapshot
        {
            Backbone = $"backbone-{seed}",
            Lora = new LoraWeights(shape, Pairs(shape, random)),
            Gate = AnyGate(seed, experts, width, random),
            Projector =
                new Projector(width, Hidden, Normal(random, Hidden * width), Normal(random, Hidden), Normal(random, Hidden * Hidden),
                    Normal(random, Hidden)),
            Head = new ScoreHead(Hidden, 2 * width + 1, Normal(random, Hidden * Hidden), Normal(random, Hidden * (2 * width + 1)),
                Normal(random, Hidden), ScoreWeights.Of([1, 0.5f, -0.25f, 2, 1.5f, 0.75f]))
            { TitleWeights = new(0.25f, 0.5f + seed) },
            Encoder = Encoder(random, width, items),
            Items = new ItemTable([.. Enumerable.Range(0, items).Select(row => Id(random, row))], Normal(random, items),
                Normal(random, items)),
            Neighbours = RandomNeighbours.Create(random, items),
            Scorer = seed % 2 == 0 ? Scorer.Head : Scorer.Title,
            Prompt = seed % 3 == 0 ? PromptStyle.Hybrid : PromptStyle.Text,
        };
    }

    public static SasRec Encoder(Random random, int width, int items, int positions = 5) => new(width, positions, items,
        SasRecShapes.Of(width, positions, items)
            .ToDictionary(tensor => tensor.Name, tensor => Normal(random, tensor.Shape.Aggregate(1, (product, size) => product * size))));

    public static float[] Normal(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }

    private static Gate AnyGate(int seed, int experts, int width, Random random) => (seed % 5) switch
    {
        0 => Gate.Uniform(experts, width),
        3 => new(experts, width, Normal(random, experts * width), new(Normal(random, width * width), Normal(random, width))),
        _ => new(experts, width, Normal(random, experts * width)),
    };

    // Ids come from outside and can contain line feeds, backslashes and any script.
    private static string Id(Random random, int row) =>
        $"{row}" + (random.Next(5) switch { 0 => "\n", 1 => "\\n", 2 => "\\", 3 => "é語🎁", _ => "" });

    private static Dictionary<LoraSite, LoraPair> Pairs(AdapterShape shape, Random random)
    {
        var pairs = new Dictionary<LoraSite, LoraPair>();
        for (var layer = 0; layer < Layers; layer++)
            foreach (var target in shape.Targets)
            {
                int inputs = target == LoraTarget.Down ? FeedForward : Hidden, outputs = Hidden;
                pairs.Add(new LoraSite(layer, target),
                    new LoraPair(Normal(random, shape.Rank * inputs), Normal(random, outputs * shape.Rank)));
            }
        return pairs;
    }
}
