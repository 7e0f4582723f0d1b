using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>The title scorer's adapter as it learns, with its optimiser.</summary>
internal sealed class TitleLearner : IFitLearner<TitleQuestion[]>
{
    private const string WeightsName = "titles";
    private const double Ridge = 1e-3;

    private readonly Snapshot start;
    private readonly TorchModel model;
    private readonly Backbone backbone;
    private readonly TitleFitOptions options;
    private readonly TitleTable catalogue;
    private readonly ScoringContext context;
    private readonly TorchTitleScorer scorer;
    private readonly NullLikelihoods nulls;
    private readonly Parameter weights;
    private readonly Adam adam = new();
    private readonly Adam scalarAdam = new();
    private readonly SplitGradient gradient;

    public TitleLearner(TorchBackbone torchBackbone, Backbone backbone, Snapshot start, IEnumerable<KeyValuePair<string, string>> titles, TitleFitOptions options, NullLikelihoods nulls)
    {
        this.start = start;
        this.nulls = nulls;
        model = new(torchBackbone, start, options.TrainedLayers);
        this.backbone = backbone;
        this.options = options;
        catalogue = TitleTable.Of(backbone, torchBackbone.Device, titles);
        context = ScoringContext.Of(model, backbone, catalogue, start);
        scorer = new(torchBackbone, model.FrozenLayers);
        weights = start.Head.Titles.ToArray().KeepParameter(model.Device, TitleWeights.Count);
        adam.AddRange(model.AdapterParameters());
        scalarAdam.Add(WeightsName, weights);
        gradient = new([.. adam.Parameters, weights], model.Device);
    }

    /// <summary>Whether a sample has a sequence vector.</summary>
    public bool Knows(Sample sample) => context.Rows(sample).Length > 0;

    public Snapshot Export() => model.Export(start.Items, start.Neighbours) with { Encoder = start.Encoder, Head = start.Head with { Titles = TitleWeights.Of(weights.Values()) } };

    public (Snapshot Current, IReadOnlyList<Model.Tensors.Tensor> Optimisers) Save() => (Export(), [.. adam.Save("adapter"), .. scalarAdam.Save("scalars")]);

    public void Resume(IReadOnlyList<Model.Tensors.Tensor> optimisers)
    {
        var tensors = optimisers.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        adam.Load("adapter", tensors);
        scalarAdam.Load("scalars", tensors);
    }

    /// <summary>Sets likelihood and null to the weights under which the right titles of these questions are likeliest among their candidates.</summary>
    public void Weigh(IReadOnlyList<TitleQuestion> questions)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var lists = new List<(Tensor Terms, Tensor Targets)>();
        foreach (var part in Parts([.. questions], listwise: true))
        {
            foreach (var (question, scores) in part.Zip(Likelihoods(part)))
                lists.Add((stack([scores.to(ScalarType.Float64), -question.Nulls(model.Device).to(ScalarType.Float64)], 1).unsqueeze(0), zeros(1, ScalarType.Int64)));     // [1, C, 2]
        }
        // Likelihoods lie tens of nats apart, so weights of 1 would begin where the softmax is flat.
        var found = new ConditionalLogit(lists, Ridge * lists.Count, enough: 1e-6).Solve([0, 0]);
        if (found[0] <= 0)
        {
            // They say nothing yet, and must not count against themselves, or the fit would make right titles unlikely: they begin a nat apart.
            var spread = cat([.. lists.Select(list => list.Terms.sum([-1L]).flatten())]).std().item<double>();
            found = [1 / Math.Max(1, spread), 1 / Math.Max(1, spread)];
        }
        weights.Overwrite([.. found.Select(weight => (float)weight)]);
    }

    public (double Loss, int Targets) Step(TitleQuestion[] batch, double rate)
    {
        adam.ZeroGradients();
        scalarAdam.ZeroGradients();
        var loss = gradient.Add(Parts(batch), part => Loss(part).Times(1.0 / batch.Length));
        adam.Update(rate);
        scalarAdam.Update(rate);
        return (loss, batch.Length);
    }

    public double Validate(IReadOnlyList<TitleQuestion[]> batches) => gradient.Sum(Parts([.. batches.SelectMany(batch => batch)]), Loss) / batches.Sum(batch => batch.Length);

    private Asked[][] Parts(TitleQuestion[] questions) => Parts(questions, options.Loss == TitleLoss.Listwise);

    private Asked[][] Parts(TitleQuestion[] questions, bool listwise) =>
        [.. TokenBatches.Of(questions.Select(question => Ask(question, listwise)).Select(asked => (asked, asked.Packed.Ids.Length)), options.TokenBudget / TorchThreads.On(model.Device))];

    /// <summary>A question as the model reads it; the first of the packed candidates is right.</summary>
    /// <param name="Answer">How many tokens that one has.</param>
    /// <param name="NullValues">Of the packed candidates.</param>
    private sealed record Asked(Sample Sample, string[] Items, Prompt Prompt, PackedPrompt Packed, int Answer, float[] NullValues)
    {
        // [C]
        public Tensor Nulls(Device device) => tensor(NullValues, device: device);
    }

    private Asked Ask(TitleQuestion question, bool listwise)
    {
        var titles = question.Candidates.Select(catalogue.TitleOf).ToArray();
        var items = question.Sample.History.TakeLast(HistoryPrompt.MaxItems).ToArray();
        var prompt = HistoryPrompt.Build(backbone.Tokenizer, [.. items.Select(catalogue.TitleOf)], titles);
        // From the target on, around the list, so that those scored stand anywhere in it.
        var count = listwise ? Math.Min(options.Answers ?? titles.Length, titles.Length) : 1;
        string[] scored = [.. Enumerable.Range(question.Target, count).Select(at => titles[at % titles.Length])];
        int[][] answers = [.. scored.Select(title => HistoryPrompt.Answer(backbone.Tokenizer, title))];
        return new(question.Sample, items, prompt, PackedPrompt.Pack(prompt.Ids, answers), answers[0].Length, listwise ? nulls.Of(scored) : [0]);
    }

    // The sum over the questions.
    private Tensor Loss(Asked[] part) => stack(part.Zip(Likelihoods(part), Loss)).sum();

    private Tensor Loss(Asked question, Tensor likelihoods) => options.Loss == TitleLoss.Listwise
        ? TorchTitleScorer.ListwiseLoss((likelihoods * weights[0]).Minus(question.Nulls(model.Device) * weights[1]), 0)
        : TorchTitleScorer.LanguageModelLoss(likelihoods, 0, question.Answer);

    // [C] of each question.
    private Tensor[] Likelihoods(Asked[] part) =>
        scorer.Scores([.. part.Select(question => question.Packed)], Embed(part), model.Lora, model.Gate.RankScale(model.Gate.Weights(SequenceVectors(part))));

    // [B, T, H]
    private Tensor Embed(Asked[] part)
    {
        var length = part.Max(question => question.Packed.Ids.Length);
        var ids = tensor([.. part.SelectMany(question => Enumerable.Range(0, length).Select(t => t < question.Packed.Ids.Length ? (long)question.Packed.Ids[t] : backbone.Tokenizer.EndOfText))],
            [part.Length, length], device: model.Device);
        PromptBatch.Slot[] slots = [.. part.SelectMany((question, b) => question.Prompt.ItemSlots.Select((at, s) => new PromptBatch.Slot(b * length + at, context.RowOf(question.Items[s]))))];
        return model.Embed(new(ids, [], slots));
    }

    private Tensor SequenceVectors(Asked[] part)
    {
        using var noGrad = no_grad();
        var history = context.Histories([.. part.Select(question => question.Sample)]);
        return model.Encoder.SequenceVectors(history.Rows, history.Last);
    }

    public void Dispose()
    {
        model.Dispose();
        catalogue.Dispose();
        weights.Dispose();
        adam.Dispose();
        scalarAdam.Dispose();
    }
}
