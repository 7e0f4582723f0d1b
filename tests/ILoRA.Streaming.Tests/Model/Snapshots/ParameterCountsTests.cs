using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Tests.Model.Snapshots;

public sealed class ParameterCountsTests
{
    private const int Width = 64, Items = 1000;

    // The shapes of released models with at least 100 million parameters, and their published numbers of parameters.
    public static TheoryData<string, int, int, int, int, int, int, int, bool, double> Backbones => new()
    {
        { "SmolLM2-135M", 30, 576, 1536, 9, 3, 64, 49_152, true, 134.5e6 },
        { "SmolLM2-360M", 32, 960, 2560, 15, 5, 64, 49_152, true, 361.8e6 },
        { "Llama-3.2-1B", 16, 2048, 8192, 32, 8, 64, 128_256, true, 1_235.8e6 },
        { "Llama-2-7B", 32, 4096, 11008, 32, 32, 128, 32_000, false, 6_738.4e6 },
    };

    [Theory]
    [MemberData(nameof(Backbones))]
    public void The_added_parameters_are_less_than_one_percent_of_a_real_backbone(
        string name, int layers, int hidden, int feedForward, int heads, int groups, int size, int vocabulary, bool tied, double published)
    {
        var config =
            new BackboneConfig
            {
                Family = "llama",
                Layers = layers,
                Hidden = hidden,
                FeedForward = feedForward,
                Heads = heads,
                KvHeads = groups,
                HeadSize = size,
                Vocabulary = vocabulary,
                Tied = tied,
                NormEpsilon = 1e-5f,
                RopeTheta = 10_000,
                MaxPositions = 2048
            };
        var counts = ParameterCounts.Of(Adapted(config), config);
        Assert.Equal(published, counts.Backbone, 0.001 * published);
        Assert.True(counts.AddedShare is > 0 and < 0.01, $"{name}: {counts.AddedShare:P3}");
        Assert.Equal(counts.Lora + counts.Gate + counts.Projector, counts.Added);
        Assert.Equal(4 * Width, counts.Gate);
    }

    [Fact]
    public void A_hidden_layer_of_the_gate_counts_with_its_bias_and_a_uniform_gate_has_none()
    {
        var snapshot = RandomSnapshot.Create(1);
        var config =
            new BackboneConfig
            {
                Family = "llama",
                Layers = 1,
                Hidden = 6,
                FeedForward = 10,
                Heads = 1,
                KvHeads = 1,
                HeadSize = 6,
                Vocabulary = 9,
                Tied = true,
                NormEpsilon = 1e-5f,
                RopeTheta = 10_000,
                MaxPositions = 16
            };
        Assert.Equal([2 * 4, 2 * 4 + 4 * 4 + 4, 0],
            new[] { snapshot.Gate, RandomSnapshot.Create(3).Gate, Gate.Uniform(2, 4) }.Select(
                gate => ParameterCounts.Of(snapshot with { Gate = gate }, config).Gate));
    }

    private static Snapshot Adapted(BackboneConfig config)
    {
        var shape = AdapterShape.Default;
        var sites = from layer in Enumerable.Range(0, config.Layers) from target in shape.Targets select new LoraSite(layer, target);
        return new()
        {
            Backbone = "",
            Lora = new(shape,
                sites.ToDictionary(site => site,
                    site => new LoraPair(new float[shape.Rank * config.InputWidth(site.Target)],
                        new float[shape.Rank * config.OutputWidth(site.Target)]))),
            Gate = new(shape.Experts, Width, new float[shape.Experts * Width]),
            Projector =
                new(Width, config.Hidden, new float[config.Hidden * Width], new float[config.Hidden],
                    new float[config.Hidden * config.Hidden], new float[config.Hidden]),
            Head = new(config.Hidden, Width, [], [], [], ScoreWeights.Of([1, 0, 0, 0, 0, 0])),
            Encoder =
                new SasRec(Width, 10, Items,
                    SasRecShapes.Of(Width, 10, Items)
                        .ToDictionary(tensor => tensor.Name, tensor => new float[tensor.Shape.Aggregate(1, (a, b) => a * b)])),
            Items = new([], [], []),
            Neighbours = ItemNeighbours.None(0),
            Scorer = Scorer.Head,
            Prompt = PromptStyle.Hybrid,
        };
    }
}
