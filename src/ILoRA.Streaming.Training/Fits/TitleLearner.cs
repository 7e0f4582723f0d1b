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

/// <summary>The title scorer's adapter as it learns, with its optimiser.</summary>
internal sealed class TitleLearner : IFitLearner<TitleQuestion[]>
{
    private readonly Snapshot start;
    private readonly TorchModel model;
    private readonly Backbone backbone;
    private readonly TitleFitOptions options;
    private readonly TitleTable catalogue;
    private readonly ScoringContext context;
    private readonly TorchTitleScorer scorer;
    private readonly Adam adam = new();
    private readonly SplitGradient gradient;

    public TitleLearner(TorchBackbone torchBackbone, Backbone backbone, Snapshot start, IEnumerable<KeyValuePair<string, string>> titles, TitleFitOptions options)
    {
        this.start = start;
        model = new(torchBackbone, start);
        this.backbone = backbone;
        this.options = options;
        catalogue = TitleTable.Of(backbone, torchBackbone.Device, titles);
        context = ScoringContext.Of(model, backbone, catalogue, start);
        scorer = new(torchBackbone);
        adam.AddRange(model.AdapterParameters());
        gradient = new([.. adam.Parameters], model.Device);
    }

    /// <summary>Whether a sample has a sequence vector.</summary>
    public bool Knows(Sample sample) => context.Rows(sample).Length > 0;

    public Snapshot Export() => model.Export(start.Items, start.Neighbours) with { Encoder = start.Encoder };

    public (Snapshot Current, IReadOnlyList<Model.Tensors.Tensor> Optimisers) Save() => (Export(), [.. adam.Save("adapter")]);

    public void Resume(IReadOnlyList<Model.Tensors.Tensor> optimisers) => adam.Load("adapter", optimisers.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal));

    public (double Loss, int Targets) Step(TitleQuestion[] batch, double rate)
    {
        adam.ZeroGradients();
        var loss = gradient.Add(Parts(batch), part => Loss(part).Times(1.0 / batch.Length));
        adam.Update(rate);
        return (loss, batch.Length);
    }

    public double Validate(IReadOnlyList<TitleQuestion[]> batches) => gradient.Sum(Parts([.. batches.SelectMany(batch => batch)]), Loss) / batches.Sum(batch => batch.Length);

    private Asked[][] Parts(TitleQuestion[] questions) =>
        [.. TokenBatches.Of(questions.Select(Ask).Select(asked => (asked, asked.Packed.Ids.Length)), options.TokenBudget / TorchThreads.On(model.Device))];

    /// <summary>A question as the model reads it.</summary>
    /// <param name="Target">Which of the packed candidates is right.</param>
    /// <param name="Answer">How many tokens that one has.</param>
    private sealed record Asked(Sample Sample, string[] Items, Prompt Prompt, PackedPrompt Packed, int Target, int Answer);

    private Asked Ask(TitleQuestion question)
    {
        var titles = question.Candidates.Select(catalogue.TitleOf).ToArray();
        var items = question.Sample.History.TakeLast(HistoryPrompt.MaxItems).ToArray();
        var prompt = HistoryPrompt.Build(backbone.Tokenizer, [.. items.Select(catalogue.TitleOf)], titles);
        var listwise = options.Loss == TitleLoss.Listwise;
        int[][] answers = [.. (listwise ? titles : [titles[question.Target]]).Select(title => HistoryPrompt.Answer(backbone.Tokenizer, title))];
        var right = listwise ? question.Target : 0;
        return new(question.Sample, items, prompt, PackedPrompt.Pack(prompt.Ids, answers), right, answers[right].Length);
    }

    // The sum over the questions.
    private Tensor Loss(Asked[] part)
    {
        var scores = scorer.Scores([.. part.Select(question => question.Packed)], Embed(part), model.Lora, model.Gate.RankScale(model.Gate.Weights(SequenceVectors(part))));
        return stack(part.Zip(scores, Loss)).sum();
    }

    private Tensor Loss(Asked question, Tensor scores) => options.Loss == TitleLoss.Listwise
        ? TorchTitleScorer.ListwiseLoss(scores, question.Target)
        : TorchTitleScorer.LanguageModelLoss(scores, question.Target, question.Answer);

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
        adam.Dispose();
    }
}
