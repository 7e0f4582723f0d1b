using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Models;

/// <summary>A snapshot as parameters on a frozen backbone (which it does not own): snapshot -> parameters -> snapshot is the identity.</summary>
public sealed class TorchModel : IDisposable
{
    private readonly Snapshot source;

    /// <param name="backbone">The decoder.</param>
    /// <param name="snapshot">What begins.</param>
    /// <param name="trainedLayers">In how many of the upper layers the adapter learns; null, or more than there are, is all.</param>
    public TorchModel(TorchBackbone backbone, Snapshot snapshot, int? trainedLayers = null)
    {
        source = snapshot;
        Backbone = backbone;
        FrozenLayers = Math.Max(0, backbone.Config.Layers - (trainedLayers ?? backbone.Config.Layers));
        Lora = new(backbone.Config, snapshot.Lora, backbone.Device, FrozenLayers);
        Gate = new(snapshot.Gate, snapshot.Shape, backbone.Device);
        Projector = new(snapshot.Projector, backbone.Device);
        Head = new(snapshot.Head, backbone.Device);
        Encoder = new(snapshot.Encoder, backbone.Device);
    }

    public TorchBackbone Backbone { get; }
    public TorchLora Lora { get; }
    public TorchGate Gate { get; }
    public TorchProjector Projector { get; }
    public TorchHead Head { get; }
    public TorchSasRec Encoder { get; }

    /// <summary>The lowest layers, in which the adapter stays as it is and through which no gradient passes.</summary>
    public int FrozenLayers { get; }

    public PromptStyle Prompt => source.Prompt;
    public Device Device => Backbone.Device;

    /// <summary>Adapter parameters that learn: LoRA factors, gate, and the projector where the prompt is hybrid and a gradient reaches it.</summary>
    public IEnumerable<(string Name, Parameter Value)> AdapterParameters()
    {
        var parameters = Lora.Parameters(FrozenLayers).Concat(Gate.Parameters());
        return Prompt == PromptStyle.Hybrid && FrozenLayers == 0 ? parameters.Concat(Projector.Parameters()) : parameters;
    }

    /// <param name="batch">Prompts.</param>
    /// <param name="z">[B, d], sequence vectors for the gate.</param>
    /// <returns>[P, H], hidden states with each row's own LoRA: at every item slot and at the end of each prompt, prompt by prompt.</returns>
    public Tensor SlotsAndLastHidden(PromptBatch batch, Tensor z) => Hidden(batch, z, batch.SlotsAndLast());

    /// <returns>[B, H], the hidden state of each prompt's last token.</returns>
    public Tensor LastHidden(PromptBatch batch, Tensor z) => Hidden(batch, z, batch.Last());

    private Tensor Hidden(PromptBatch batch, Tensor z, OutputPositions places)
    {
        using var scope = NewDisposeScope();
        var rankScale = Gate.RankScale(Gate.Weights(z));
        return places.Read(Backbone.Hidden(Embed(batch), lora: Lora, rankScale: rankScale, places: places, frozen: FrozenLayers)).MoveToOuterDisposeScope();
    }

    /// <summary>Token embeddings; in a hybrid prompt a slot holds its item's projected row, or the plain token where the encoder has none.</summary>
    /// <returns>[B, T, H]</returns>
    public Tensor Embed(PromptBatch batch)
    {
        var embeddings = Backbone.Embed(batch.Ids);
        var known = batch.Slots.Where(slot => slot.Row >= 0).ToArray();
        if (Prompt == PromptStyle.Text || known.Length == 0)
            return embeddings;
        var rows = Encoder.ItemRows.detach().index_select(0, tensor(known.Select(slot => (long)slot.Row).ToArray(), device: Device));
        return PlaceSlots(embeddings, tensor(known.Select(slot => (long)slot.Position).ToArray(), device: Device), Projector.Project(rows));
    }

    /// <param name="embeddings">[B, T, H]</param>
    /// <param name="positions">[S], into the flattened B x T.</param>
    /// <param name="slots">[S, H]</param>
    internal static Tensor PlaceSlots(Tensor embeddings, Tensor positions, Tensor slots) =>
        embeddings.flatten(0, 1).index_copy(0, positions, slots).view(embeddings.shape);

    public Snapshot Export(ItemTable items, ItemNeighbours neighbours) => source with
    {
        Lora = Lora.Export(),
        Gate = Gate.Export(),
        Projector = Projector.Export(),
        Head = Head.Export(),
        Encoder = Encoder.Export(),
        Items = items,
        Neighbours = neighbours,
    };

    public void Dispose()
    {
        Lora.Dispose();
        Gate.Dispose();
        Projector.Dispose();
        Head.Dispose();
        Encoder.Dispose();
    }
}
