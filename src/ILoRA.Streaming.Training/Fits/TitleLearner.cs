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

/// <summary>The title scorer's adapter as it learns, with its optimiser and its chance.</summary>
internal sealed class TitleLearner : IDisposable
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
    private SavedRandom random;

    public TitleLearner(TorchBackbone torchBackbone, Backbone backbone, Snapshot start, IEnumerable<KeyValuePair<string, string>> titles, TitleFitOptions options)
    {
        this.start = start;
        model = new(torchBackbone, start);
        this.backbone = backbone;
        this.options = options;
        catalogue = TitleTable.Of(backbone, torchBackbone.Device, titles);
        context = ScoringContext.Of(model, backbone, catalogue, start);
        scorer = new(torchBackbone);
        random = new((ulong)options.Seed);
        adam.AddRange(model.AdapterParameters());
        gradient = new([.. adam.Parameters], model.Device);
    }

    /// <summary>The samples that have a sequence vector, shuffled; asked for once, before the first step.</summary>
    public Sample[] Order(IEnumerable<Sample> samples)
    {
        var order = samples.Where(sample => context.Rows(sample).Length > 0).ToArray();
        random.Shuffle(order);
        return order;
    }

    public Snapshot Export() => model.Export(start.Items, start.Neighbours) with { Encoder = start.Encoder };

    /// <summary>A checkpoint.</summary>
    public FitCheckpoint Save(FitState state) => new(Export(), null, [.. adam.Save("adapter")], state with { Random = random.State });

    /// <param name="begun">The checkpoint whose snapshot this learner was started with.</param>
    /// <exception cref="InvalidDataException">A tensor is missing.</exception>
    public void Resume(FitCheckpoint begun)
    {
        adam.Load("adapter", begun.Optimisers.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal));
        random = new(begun.State.Random);
    }

    /// <returns>The mean loss before the step, nats.</returns>
    public double Step(IReadOnlyList<Sample> batch, double rate)
    {
        var questions = batch.Select(Ask).Select(question => (question, question.Packed.Ids.Length)).ToArray();
        adam.ZeroGradients();
        var loss = gradient.Add([.. TokenBatches.Of(questions, options.TokenBudget / TorchThreads.On(model.Device))], part => Loss(part).Times(1.0 / batch.Count));
        adam.Update(rate);
        return loss;
    }

    /// <summary>A sample with its drawn candidates.</summary>
    /// <param name="Target">Which of the packed candidates is right.</param>
    /// <param name="Answer">How many tokens that one has.</param>
    private sealed record Question(Sample Sample, string[] Items, Prompt Prompt, PackedPrompt Packed, int Target, int Answer);

    private Question Ask(Sample sample)
    {
        var names = Candidates(sample);
        var target = random.Next(names.Count + 1);
        names.Insert(target, sample.Target);
        var titles = names.Select(catalogue.TitleOf).ToArray();
        var items = sample.History.TakeLast(HistoryPrompt.MaxItems).ToArray();
        var prompt = HistoryPrompt.Build(backbone.Tokenizer, [.. items.Select(catalogue.TitleOf)], titles);
        var listwise = options.Loss == TitleLoss.Listwise;
        int[][] answers = [.. (listwise ? titles : [titles[target]]).Select(title => HistoryPrompt.Answer(backbone.Tokenizer, title))];
        var right = listwise ? target : 0;
        return new(sample, items, prompt, PackedPrompt.Pack(prompt.Ids, answers), right, answers[right].Length);
    }

    // The sum over the questions.
    private Tensor Loss(Question[] part)
    {
        var scores = scorer.Scores([.. part.Select(question => question.Packed)], Embed(part), model.Lora, model.Gate.RankScale(model.Gate.Weights(SequenceVectors(part))));
        return stack(part.Zip(scores, Loss)).sum();
    }

    private Tensor Loss(Question question, Tensor scores) => options.Loss == TitleLoss.Listwise
        ? TorchTitleScorer.ListwiseLoss(scores, question.Target)
        : TorchTitleScorer.LanguageModelLoss(scores, question.Target, question.Answer);

    // [B, T, H]
    private Tensor Embed(Question[] part)
    {
        var length = part.Max(question => question.Packed.Ids.Length);
        var ids = tensor([.. part.SelectMany(question => Enumerable.Range(0, length).Select(t => t < question.Packed.Ids.Length ? (long)question.Packed.Ids[t] : backbone.Tokenizer.EndOfText))],
            [part.Length, length], device: model.Device);
        PromptBatch.Slot[] slots = [.. part.SelectMany((question, b) => question.Prompt.ItemSlots.Select((at, s) => new PromptBatch.Slot(b * length + at, context.RowOf(question.Items[s]))))];
        return model.Embed(new(ids, [], slots));
    }

    private Tensor SequenceVectors(Question[] part)
    {
        using var noGrad = no_grad();
        var history = context.Histories([.. part.Select(question => question.Sample)]);
        return model.Encoder.SequenceVectors(history.Rows, history.Last);
    }

    /// <summary>Uniform items outside the history and the target.</summary>
    private List<string> Candidates(Sample sample)
    {
        var taken = sample.History.Append(sample.Target).ToHashSet(StringComparer.Ordinal);
        return DistinctDraw.Of(options.Candidates - 1, taken, () => catalogue.Ids[random.Next(catalogue.Count)]);
    }

    public void Dispose()
    {
        model.Dispose();
        catalogue.Dispose();
        adam.Dispose();
    }
}
