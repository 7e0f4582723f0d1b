using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Encoders;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>The golden llama backbone with an untrained adapter and an encoder of twelve items, which trains in milliseconds.</summary>
internal sealed class TinyModel : IDisposable
{
    public const int Items = 12;

    public TinyModel(PromptStyle prompt = PromptStyle.Hybrid)
    {
        set_num_threads(1);
        Backbone = Backbone.Load(Golden.Own("llama"));
        Torch = TorchBackbone.Frozen(Backbone, CPU);
        var ids = Enumerable.Range(0, Items).Select(item => $"i{item}").ToArray();
        Titles = ids.ToDictionary(id => id, id => $"RED BOX NUMBER {id[1..]}");
        var encoder = InitialSasRec.Create(Items, new SavedRandom(3));
        Start = InitialSnapshot.Of(Backbone, [.. Titles.Values], encoder,
            new ItemTable(ids, [.. ids.Select(_ => 3f)], [.. ids.Select(_ => 1f)]), new AdapterFitOptions { Prompt = prompt });
    }

    public Backbone Backbone { get; }
    public TorchBackbone Torch { get; }
    public IReadOnlyDictionary<string, string> Titles { get; }
    public Snapshot Start { get; }

    /// <summary>Samples in which the items follow each other in a fixed order, so that the next item is predictable.</summary>
    public static Sample[] Walk(int count, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(at => new Sample([$"i{at % Items}", $"i{(at + 1) % Items}"], $"i{(at + 2) % Items}"))];

    public void Dispose() => Torch.Dispose();
}
