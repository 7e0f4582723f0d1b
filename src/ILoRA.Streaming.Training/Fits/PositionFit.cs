using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// The language model's part of the head scorer: full softmax over the catalogue from the hidden state at every item slot and at the prompt's end, so
/// that one pass of a prompt gives up to eleven targets. The encoder's term is left out here: it has seen these samples and would explain them away.
/// </summary>
internal sealed class PositionFit : IDisposable
{
    private const int Window = 10;
    private readonly TorchModel model;
    private readonly TitleTable catalogue;
    private readonly ScoringContext context;
    private readonly ItemCounts counts;
    private readonly Adam adam = new();
    private readonly Adam scalarAdam = new();

    public PositionFit(TorchBackbone torchBackbone, Backbone backbone, Snapshot start, IEnumerable<KeyValuePair<string, string>> titles)
    {
        model = new(torchBackbone, start);
        catalogue = new(backbone, torchBackbone.Device);
        foreach (var (item, title) in titles)
            catalogue.Set(item, title);
        counts = new(start.Items, 1);
        context = new(model, backbone, catalogue, counts, new(start.Neighbours, int.MaxValue));
        adam.AddRange(model.AdapterParameters());
        adam.AddRange(model.Head.Maps());
        scalarAdam.AddRange(model.Head.Scalars());
    }

    /// <param name="sequences">Each user's items, oldest first, all in the catalogue and known to the encoder.</param>
    /// <param name="batch">Prompts in a step.</param>
    /// <param name="rate">Peak learning rate.</param>
    /// <param name="random">Draws the order.</param>
    /// <param name="progress">The part done before each step is asked of it; 1 ends the fit.</param>
    public void Run(IReadOnlyList<IReadOnlyList<string>> sequences, int batch, double rate, Random random, Func<int, int, double, double> progress)
    {
        var windows = sequences.SelectMany(Windows).ToArray();
        random.Shuffle(windows);
        var (done, loss) = (0.0, 0.0);
        var steps = (windows.Length + batch - 1) / batch;
        for (var step = 0; step < steps; step++)
        {
            done = progress(step, steps, loss);
            if (done >= 1)
                return;
            loss = Step([.. windows.Skip(step * batch).Take(batch)], Schedule.WarmUpThenCosine(rate, done));
        }
    }

    public Snapshot Export(Snapshot start) => start with
    {
        Lora = model.Lora.Export(),
        Gate = model.Gate.Export(),
        Projector = model.Projector.Export(),
        Head = model.Head.Export() with { Weights = start.Head.Weights },
    };

    private double Step(Sample[] windows, double rate)
    {
        using var scope = NewDisposeScope();
        var prompts = context.Prompts(windows);
        var hidden = model.Hidden(prompts, SequenceVectors(windows)).flatten(0, 1);
        var places = cat([tensor(prompts.Slots.Select(slot => (long)slot.Position).ToArray(), device: model.Device), prompts.Last]);
        var targets = windows.SelectMany(window => window.History.Skip(1).Append(window.Target)).Concat(windows.Select(window => window.Target));
        var scores = model.Head.LanguageModelTerm(hidden.index_select(0, places), context.Features());
        var loss = nn.functional.cross_entropy(scores, tensor(targets.Select(item => (long)catalogue.IndexOf(item)).ToArray(), device: model.Device));
        adam.ZeroGradients();
        scalarAdam.ZeroGradients();
        loss.backward();
        adam.Update(rate);
        scalarAdam.Update(10 * rate);
        return loss.item<float>();
    }

    private Tensor SequenceVectors(Sample[] windows)
    {
        using var noGrad = no_grad();
        var history = context.Histories(windows);
        return model.Encoder.SequenceVectors(history.Rows, history.Last);
    }

    private static IEnumerable<Sample> Windows(IReadOnlyList<string> sequence)
    {
        for (var start = 0; start < sequence.Count - 1; start += Window)
        {
            var end = Math.Min(start + Window, sequence.Count - 1);
            yield return new Sample([.. sequence.Skip(start).Take(end - start)], sequence[end]);
        }
    }

    public void Dispose()
    {
        model.Dispose();
        catalogue.Dispose();
        adam.Dispose();
        scalarAdam.Dispose();
    }
}
