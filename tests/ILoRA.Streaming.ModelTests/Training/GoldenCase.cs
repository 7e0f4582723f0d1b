using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>One case of golden/ilora-llama on LibTorch: everything that takes part in its loss.</summary>
internal sealed class GoldenCase : IDisposable
{
    private readonly TorchBackbone backbone;
    private readonly TorchLora lora;
    private readonly TorchGate gate;
    private readonly TorchProjector projector;
    private readonly int target;
    private readonly int[][] candidates;

    public GoldenCase(Backbone source, AdapterFolder adapter, SafetensorsFile expected, int number)
    {
        backbone = TorchBackbone.Frozen(source, CPU);
        lora = new(source.Config, adapter.Lora, CPU);
        gate = new(adapter.Gate, adapter.Lora.Shape, CPU);
        projector = new(adapter.Projector!, CPU);
        target = (int)expected.ReadInt64($"{number}.target")[0];
        var prompt = Ints(expected.ReadInt64($"{number}.prompt"));
        candidates = Split(Ints(expected.ReadInt64($"{number}.candidates")), expected.ReadInt64($"{number}.candidate_lengths"));
        Gate = gate.Weights(tensor(expected.Read($"{number}.z").Values, [1, 64]));
        Scores = Score(PackedPrompt.Pack(prompt, candidates), expected.ReadInt64($"{number}.item_slots"), expected.Read($"{number}.item_rows"));
    }

    /// <summary>[1, K]</summary>
    public Tensor Gate { get; }

    /// <summary>[6]</summary>
    public Tensor Scores { get; }

    public Tensor Loss(string name) => name == "listwise"
        ? TorchTitleScorer.ListwiseLoss(Scores, target)
        : TorchTitleScorer.LanguageModelLoss(Scores, target, candidates[target].Length);

    /// <summary>Gradients of every trainable parameter after <paramref name="loss"/> went backward.</summary>
    public IReadOnlyDictionary<string, float[]> Gradients(Tensor loss)
    {
        loss.backward();
        return lora.Parameters().Concat(projector.Parameters()).Append(("gate.weight", gate.Weight!))
            .ToDictionary(parameter => parameter.Item1, parameter => parameter.Item2.grad!.Values());
    }

    private Tensor Score(PackedPrompt packed, long[] slots, Model.Tensors.Tensor rows)
    {
        var ids = tensor(packed.Ids.Select(id => (long)id).ToArray(), [1, packed.Ids.Length]);
        var embeddings = TorchModel.PlaceSlots(backbone.Embed(ids), tensor(slots), projector.Project(tensor(rows.Values, [slots.Length, 64])));
        return new TorchTitleScorer(backbone).Scores(packed, embeddings, lora, gate.RankScale(Gate));
    }

    private static int[] Ints(long[] values) => [.. values.Select(value => (int)value)];

    private static int[][] Split(int[] tokens, long[] lengths)
    {
        var at = 0;
        return [.. lengths.Select(length => tokens[at..(at += (int)length)])];
    }

    public void Dispose()
    {
        backbone.Dispose();
        lora.Dispose();
        gate.Dispose();
        projector.Dispose();
    }
}
