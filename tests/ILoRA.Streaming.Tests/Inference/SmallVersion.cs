using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Tests.Inference;

/// <summary>Versions without LoRA factors, for tests of plans and fallbacks; they need no native library.</summary>
internal static class SmallVersion
{
    private static readonly GraphShape NoFactors = new(1, []);

    private static readonly BackboneConfig NoLayers = new()
    {
        Family = "llama",
        Layers = 0,
        Hidden = 2,
        Heads = 1,
        KvHeads = 1,
        HeadSize = 2,
        FeedForward = 2,
        Vocabulary = 2,
        MaxPositions = 2,
        NormEpsilon = 1e-5f,
        RopeTheta = 10_000,
        Tied = true,
    };

    public static AdapterManifest Manifest(string line, int number) => new()
    {
        Version = new AdapterVersion($"{line}-{number:D6}"),
        Line = new LineName(line),
        Parts = new Dictionary<string, SnapshotPart>(),
        Parent = null,
        Created = DateTimeOffset.UnixEpoch.AddMinutes(number),
        Backbone = "backbone",
        Shape = new ManifestShape { Experts = 1, Rank = 1, Targets = ["q"] },
        Offsets = new Dictionary<string, long>(),
        Events = null,
        Metrics = new Dictionary<string, double>(),
    };

    /// <summary>Creates a version.</summary>
    /// <param name="manifest">The version's manifest.</param>
    /// <param name="recent">The recent clicks of each item.</param>
    public static ServedVersion Of(AdapterManifest manifest, params (string Item, float Recent)[] recent)
    {
        var adapter = AdapterTensors.Of(NoLayers, NoFactors, null);
        return new ServedVersion(manifest.Version, manifest.Line, Snapshot(recent), null, adapter, null!);
    }

    private static Snapshot Snapshot((string Item, float Recent)[] recent)
    {
        var counts = Array.ConvertAll(recent, item => item.Recent);
        return new Snapshot
        {
            Backbone = "backbone",
            Lora = new LoraWeights(new AdapterShape(1, 1, 1, []), new Dictionary<LoraSite, LoraPair>()),
            Gate = Gate.Uniform(1, 1),
            Projector = new Projector(1, 1, [0], [0], [0], [0]),
            Head = new ScoreHead(1, 1, [0], [0], [0], ScoreWeights.Of([1, 0, 0, 0, 0, 0])),
            Encoder = new SasRec(1, 1, recent.Length, new Dictionary<string, float[]>()),
            Items = new ItemTable([.. recent.Select(item => item.Item)], counts, counts),
            Neighbours = ItemNeighbours.None(recent.Length),
            Scorer = Scorer.Head,
            Prompt = PromptStyle.Text,
        };
    }
}
