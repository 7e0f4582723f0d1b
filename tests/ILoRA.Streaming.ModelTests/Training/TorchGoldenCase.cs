using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>A case of golden/ilora-* on LibTorch: gate, scores, losses and gradients.</summary>
internal sealed class TorchGoldenCase : IDisposable
{
    private readonly TorchBackbone backbone;
    private readonly TorchLora lora;
    private readonly TorchGate gate;
    private readonly TorchProjector projector;
    private readonly GoldenCase golden;

    public TorchGoldenCase(Backbone source, AdapterFolder adapter, GoldenCase golden, ScalarType type)
    {
        this.golden = golden;
        backbone = TorchBackbone.Frozen(source, CPU, type);
        lora = new(source.Config, adapter.Lora, CPU);
        gate = new(adapter.Gate, adapter.Lora.Shape, CPU);
        projector = new(adapter.Projector!, CPU);
        Gate = gate.Weights(tensor(golden.Z, [1, golden.Z.Length]));
        Scores = Score(PackedPrompt.Pack(golden.Prompt, golden.Candidates));
    }

    /// <summary>[1, K], the gate's weights.</summary>
    public Tensor Gate { get; }

    /// <summary>[6], the candidates' scores.</summary>
    public Tensor Scores { get; }

    public Tensor Loss(string name) => name == "listwise"
        ? TorchTitleScorer.ListwiseLoss(Scores, golden.Target)
        : TorchTitleScorer.LanguageModelLoss(Scores, golden.Target, golden.Candidates[golden.Target].Length);

    /// <summary>The gradients of <paramref name="loss"/> by all trainable parameters.</summary>
    public IReadOnlyDictionary<string, float[]> Gradients(Tensor loss)
    {
        loss.backward();
        return lora.Parameters().Concat(projector.Parameters()).Concat(gate.Parameters())
            .ToDictionary(parameter => parameter.Name, parameter => parameter.Value.grad!.Values());
    }

    private Tensor Score(PackedPrompt packed)
    {
        var ids = tensor(packed.Ids.Select(id => (long)id).ToArray(), [1, packed.Ids.Length]);
        var slots = tensor(golden.Slots.Select(slot => (long)slot).ToArray());
        var rows = tensor(golden.ItemRows.SelectMany(row => row).ToArray(), [golden.ItemRows.Length, golden.Z.Length]);
        var embeddings = TorchModel.PlaceSlots(backbone.Embed(ids), slots, projector.Project(rows));
        return new TorchTitleScorer(backbone).Scores(packed, embeddings, lora, gate.RankScale(Gate));
    }

    public void Dispose()
    {
        backbone.Dispose();
        lora.Dispose();
        gate.Dispose();
        projector.Dispose();
    }
}
