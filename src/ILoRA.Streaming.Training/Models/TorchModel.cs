using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Models;

/// <summary>
/// The trainable model of a snapshot on a frozen backbone: adapter, gate, projector, head and encoder. Exporting an unchanged model gives
/// an equal snapshot. The backbone is not disposed of.
/// </summary>
public sealed class TorchModel : IDisposable
{
    private readonly Snapshot source;

    /// <param name="backbone">The frozen backbone.</param>
    /// <param name="snapshot">The initial values.</param>
    /// <param name="trainedLayers">
    /// The number of upper layers whose LoRA factors are trained; null, or more than the backbone has, is all layers.
    /// </param>
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

    /// <summary>The number of lowest layers whose LoRA factors are not trained and through which no gradient is propagated.</summary>
    public int FrozenLayers { get; }

    public PromptStyle Prompt => source.Prompt;
    public Device Device => Backbone.Device;

    /// <summary>
    /// The adapter's trainable parameters: LoRA factors, gate, and the projector if the prompt is hybrid and gradients reach it.
    /// </summary>
    public IEnumerable<(string Name, Parameter Value)> AdapterParameters()
    {
        var parameters = Lora.Parameters(FrozenLayers).Concat(Gate.Parameters());
        return Prompt == PromptStyle.Hybrid && FrozenLayers == 0 ? parameters.Concat(Projector.Parameters()) : parameters;
    }

    /// <summary>
    /// The hidden states at every item slot and at the last token of each prompt, each prompt with its own mix of experts.
    /// </summary>
    /// <param name="batch">B prompts.</param>
    /// <param name="z">[B, d], sequence vectors for the gate.</param>
    /// <returns>[P, H], prompt by prompt, the last token after the slots.</returns>
    public Tensor SlotsAndLastHidden(PromptBatch batch, Tensor z) => Hidden(batch, z, batch.SlotsAndLast());

    /// <returns>[B, H], the hidden state of each prompt's last token.</returns>
    public Tensor LastHidden(PromptBatch batch, Tensor z) => Hidden(batch, z, batch.Last());

    private Tensor Hidden(PromptBatch batch, Tensor z, OutputPositions outputs)
    {
        using var scope = NewDisposeScope();
        var rankScale = Gate.RankScale(Gate.Weights(z));
        var hidden = Backbone.Hidden(Embed(batch), lora: Lora, rankScale: rankScale, outputs: outputs, frozen: FrozenLayers);
        return outputs.Read(hidden).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The input embeddings of the prompts. In hybrid prompts an item slot gets its item's projected encoder row, or keeps its token's
    /// embedding if the encoder has no row.
    /// </summary>
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

    /// <summary>Replaces the embeddings of item slots.</summary>
    /// <param name="embeddings">[B, T, H], token embeddings.</param>
    /// <param name="positions">[S], the slots' indices in the flattened B x T tokens.</param>
    /// <param name="slots">[S, H], the slots' embeddings.</param>
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
