using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.TestKit;

/// <summary>Creates snapshots with few parameters.</summary>
public static class SmallSnapshot
{
    private const int Hidden = 4, Width = 3, Items = 2, Positions = 2;

    public static Snapshot Create(float gate = 0.5f) => new()
    {
        Backbone = "backbone",
        Lora = new(new(2, 2, 4, [LoraTarget.Q]),
            new Dictionary<LoraSite, LoraPair> { [new(0, LoraTarget.Q)] = new(Filled(2 * Hidden), Filled(Hidden * 2)) }),
        Gate = new(2, Width, [.. Filled(2 * Width).Select(value => value * gate)]),
        Projector = new(Width, Hidden, Filled(Hidden * Width), Filled(Hidden), Filled(Hidden * Hidden), Filled(Hidden)),
        Head = new(Hidden, Width, Filled(Hidden * Hidden), Filled(Hidden * Width), Filled(Hidden), ScoreWeights.Of([1, 0, 0, 0, 0, 0])),
        Encoder =
            new(Width, Positions, Items,
                SasRecShapes.Of(Width, Positions, Items)
                    .ToDictionary(tensor => tensor.Name, tensor => Filled(tensor.Shape.Aggregate(1, (a, b) => a * b)))),
        Items = new(["a", "b"], [3, 1], [2, 1]),
        Neighbours = new([0, 1, 2], [1, 0], [2, 2]),
        Scorer = Scorer.Head,
        Prompt = PromptStyle.Hybrid,
    };

    /// <summary>Stores parts and creates their manifest, as the trainer does when it publishes a version.</summary>
    public static async Task<AdapterManifest> StoreAsync(ISnapshotStore store, IReadOnlyDictionary<string, byte[]> parts,
        CancellationToken cancel)
    {
        var stored = new Dictionary<string, SnapshotPart>();
        foreach (var (name, bytes) in parts)
            stored[name] = await store.PutAsync(bytes, cancel);
        return Manifest("online-000001") with { Parts = stored, Shape = ManifestShape.Of(Create().Shape) };
    }

    public static AdapterManifest Manifest(string version, string? parent = null, string line = "online", int minute = 0) => new()
    {
        Version = new(version),
        Line = new(line),
        Parts = new Dictionary<string, SnapshotPart>(),
        Parent = parent is null ? null : new AdapterVersion(parent),
        Created = new DateTimeOffset(2011, 1, 4, 10, minute, 0, TimeSpan.Zero),
        Backbone = "backbone",
        Shape = new() { Experts = 2, Rank = 2, Targets = ["q"] },
        Offsets = new Dictionary<string, long>(),
        Events = null,
        Metrics = new Dictionary<string, double>(),
    };

    private static float[] Filled(int count) => [.. Enumerable.Range(0, count).Select(i => (i % 7 - 3) / 8f)];
}
