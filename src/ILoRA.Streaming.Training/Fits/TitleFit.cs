using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>Which loss the title scorer is fit with.</summary>
public enum TitleLoss
{
    /// <summary>Softmax over the packed candidates' scores.</summary>
    Listwise,

    /// <summary>The paper's: cross-entropy of the answer's tokens.</summary>
    LanguageModel,
}

/// <summary>Fits an adapter for the title scorer: the target's title among drawn candidates.</summary>
public sealed class TitleFit : IDisposable
{
    private readonly TorchModel model;
    private readonly Backbone backbone;
    private readonly TitleFitOptions options;
    private readonly TitleTable catalogue;
    private readonly ScoringContext context;
    private readonly TorchTitleScorer scorer;
    private readonly SavedRandom random;
    private readonly Adam adam = new();

    public TitleFit(TorchBackbone torchBackbone, Backbone backbone, Snapshot start, IEnumerable<KeyValuePair<string, string>> titles, TitleFitOptions options)
    {
        model = new(torchBackbone, start);
        this.backbone = backbone;
        this.options = options;
        catalogue = new(backbone, torchBackbone.Device);
        foreach (var (item, title) in titles)
            catalogue.Set(item, title);
        context = new(model, backbone, catalogue, new(start.Items, 1), new(start.Neighbours, int.MaxValue));
        scorer = new(torchBackbone);
        random = new((ulong)options.Seed);
        adam.AddRange(model.AdapterParameters());
    }

    /// <param name="samples">Histories and targets, all of them in the catalogue.</param>
    /// <param name="progress">The part done before each step is asked of it (steps taken, all steps, last loss); 1 ends the fit.</param>
    public void Run(IReadOnlyList<Sample> samples, Func<int, int, double, double> progress)
    {
        var order = samples.Where(sample => context.Rows(sample).Length > 0).ToArray();
        random.Shuffle(order);
        var steps = (order.Length + options.Batch - 1) / options.Batch;
        var loss = 0.0;
        for (var step = 0; step < steps; step++)
        {
            var done = progress(step, steps, loss);
            if (done >= 1)
                return;
            loss = Step([.. order.Skip(step * options.Batch).Take(options.Batch)], Schedule.WarmUpThenCosine(options.Rate, done));
        }
    }

    public Snapshot Export(Snapshot start) => model.Export(start.Items, start.Neighbours) with { Encoder = start.Encoder };

    private double Step(Sample[] batch, double rate)
    {
        adam.ZeroGradients();
        var sum = 0.0;
        foreach (var sample in batch)
        {
            using var scope = NewDisposeScope();
            var loss = Loss(sample).Times(1.0 / batch.Length);
            loss.backward();
            sum += loss.item<float>();
        }
        adam.Update(rate);
        return sum;
    }

    private Tensor Loss(Sample sample)
    {
        var names = Candidates(sample);
        var target = random.Next(names.Count + 1);
        names.Insert(target, sample.Target);
        var titles = names.Select(catalogue.TitleOf).ToArray();
        var items = sample.History.TakeLast(HistoryPrompt.MaxItems).ToArray();
        var prompt = HistoryPrompt.Build(backbone.Tokenizer, [.. items.Select(catalogue.TitleOf)], titles);
        var scored = options.Loss == TitleLoss.Listwise ? titles : [titles[target]];
        var answers = scored.Select(title => HistoryPrompt.Answer(backbone.Tokenizer, title)).ToArray();
        var packed = PackedPrompt.Pack(prompt.Ids, answers);
        var scores = scorer.Scores(packed, Embed(packed, prompt, items), model.Lora, model.Gate.RankScale(model.Gate.Weights(SequenceVector(sample))));
        return options.Loss == TitleLoss.Listwise
            ? TorchTitleScorer.ListwiseLoss(scores, target)
            : TorchTitleScorer.LanguageModelLoss(scores, 0, answers[0].Length);
    }

    private Tensor Embed(PackedPrompt packed, Prompt prompt, string[] items)
    {
        var ids = tensor(packed.Ids.Select(id => (long)id).ToArray(), [1, packed.Ids.Length], device: model.Device);
        var slots = prompt.ItemSlots.Select((at, s) => new PromptBatch.Slot(at, context.RowOf(items[s]))).ToArray();
        return model.Embed(new(ids, ids, slots));
    }

    private Tensor SequenceVector(Sample sample)
    {
        using var noGrad = no_grad();
        var history = context.Histories([sample]);
        return model.Encoder.SequenceVectors(history.Rows, history.Last);
    }

    /// <summary>Uniform items outside the history and the target.</summary>
    private List<string> Candidates(Sample sample)
    {
        var taken = sample.History.Append(sample.Target).ToHashSet(StringComparer.Ordinal);
        var drawn = new List<string>();
        for (var tries = 0; drawn.Count < options.Candidates - 1 && tries < 100 * options.Candidates; tries++)
        {
            var item = catalogue.Ids[random.Next(catalogue.Count)];
            if (taken.Add(item))
                drawn.Add(item);
        }
        return drawn;
    }

    public void Dispose()
    {
        model.Dispose();
        catalogue.Dispose();
        adam.Dispose();
    }
}

/// <summary>How the title scorer's adapter is fit.</summary>
public sealed record TitleFitOptions
{
    public TitleLoss Loss { get; init; } = TitleLoss.Listwise;
    public int Candidates { get; init; } = 20;
    public int Batch { get; init; } = 8;

    /// <summary>Peak learning rate.</summary>
    public double Rate { get; init; } = 7e-4;
    public int Seed { get; init; } = 1;
}
