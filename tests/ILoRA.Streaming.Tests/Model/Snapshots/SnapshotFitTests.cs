using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Model.Snapshots;

public sealed class SnapshotFitTests
{
    private const int Width = 64, Items = 3;

    private static readonly Backbone Llama = Backbone.Load(Golden.Own("llama"));

    [Fact]
    public void The_snapshot_of_a_backbone_fits_it() => SnapshotFit.Require(Fitting(), Llama);

    [Fact]
    public void Another_backbones_snapshot_is_refused() => Refused(Fitting() with { Backbone = "other" }, "other");

    [Fact]
    public void A_head_of_another_width_is_refused() =>
        Refused(Fitting() with
        {
            Head =
            new ScoreHead(8, Width, new float[64], new float[8 * Width], new float[8], ScoreWeights.Of([1, 0, 0, 0, 0, 0]))
        }, "head");

    [Fact]
    public void A_gate_of_another_width_is_refused() => Refused(Fitting() with { Gate = Gate.Uniform(4, 32) }, "gate width");

    [Fact]
    public void An_adapter_without_the_last_layer_is_refused()
    {
        var snapshot = Fitting();
        var pairs = snapshot.Lora.Pairs.Where(pair => pair.Key.Layer < 2).ToDictionary();
        Refused(snapshot with { Lora = snapshot.Lora with { Pairs = pairs } }, "layer 2");
    }

    private static void Refused(Snapshot snapshot, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => SnapshotFit.Require(snapshot, Llama));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static Snapshot Fitting()
    {
        var adapter = AdapterFolder.Read(Golden.Own("ilora-llama"));
        return new Snapshot
        {
            Backbone = Llama.Hash,
            Lora = adapter.Lora,
            Gate = adapter.Gate,
            Projector = adapter.Projector!,
            Head = new ScoreHead(Llama.Config.Hidden, 2 * Width + 1, new float[32 * 32], new float[32 * (2 * Width + 1)], new float[32],
                ScoreWeights.Of([1, 0, 0, 0, 0, 0])),
            Encoder = RandomSnapshot.Encoder(new Random(1), Width, Items),
            Items = new ItemTable(["a", "b", "c"], new float[Items], new float[Items]),
            Neighbours = ItemNeighbours.None(Items),
            Scorer = Scorer.Head,
            Prompt = PromptStyle.Hybrid,
        };
    }
}
