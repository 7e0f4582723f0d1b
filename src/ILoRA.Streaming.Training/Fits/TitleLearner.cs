using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
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
internal sealed class TitleLearner : IFitLearner<CandidateSample[]>
{
    private const double Ridge = 1e-3;

    private readonly Snapshot start;
    private readonly TorchModel model;
    private readonly TitleFitOptions options;
    private readonly TorchCatalogue catalogue;
    private readonly ScoringContext context;
    private readonly TitleLikelihoods reader;
    private readonly Adam adam = new();
    private readonly Adam scalarAdam = new();
    private readonly ParallelGradient gradient;

    public TitleLearner(TorchBackbone torchBackbone, Backbone backbone, Snapshot start, IEnumerable<KeyValuePair<string, string>> titles, TitleFitOptions options, TitlePriors priors)
    {
        this.start = start;
        this.options = options;
        model = new(torchBackbone, start, options.TrainedLayers);
        catalogue = TorchCatalogue.Of(backbone, torchBackbone.Device, titles);
        context = ScoringContext.Of(model, backbone, catalogue, start);
        reader = new(model, backbone, catalogue, context, priors);
        adam.AddRange(model.AdapterParameters());
        scalarAdam.AddRange(model.Head.TitleWeights());
        gradient = new([.. adam.Parameters, .. scalarAdam.Parameters], model.Device);
    }

    private bool Listwise => options.Loss == TitleLoss.Listwise;

    /// <summary>Whether a sample has a sequence vector.</summary>
    public bool Knows(Sample sample) => context.Rows(sample).Length > 0;

    public Snapshot Export() => model.Export(start.Items, start.Neighbours) with { Encoder = start.Encoder };

    public (Snapshot Current, IReadOnlyList<Model.Tensors.Tensor> Optimisers) Save() => (Export(), [.. adam.Save("adapter"), .. scalarAdam.Save("scalars")]);

    public void Resume(IReadOnlyList<Model.Tensors.Tensor> optimisers)
    {
        var tensors = optimisers.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        adam.Load("adapter", tensors);
        scalarAdam.Load("scalars", tensors);
    }

    /// <summary>Sets likelihood and null to the weights under which the right titles of these questions are likeliest among their candidates.</summary>
    public void Calibrate(IReadOnlyList<CandidateSample> questions, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var lists = new List<(Tensor Terms, Tensor Targets)>();
        foreach (var part in Parts(questions, listwise: true))
        {
            stop.ThrowIfCancellationRequested();
            foreach (var (question, likelihoods) in part.Zip(reader.Likelihoods(part)).Where(pair => pair.First.Scored.Length > 1))
                lists.Add((stack([likelihoods, -reader.Priors(question)], 1).to(ScalarType.Float64).unsqueeze(0), zeros(1, ScalarType.Int64, model.Device)));     // [1, C, 2]
        }
        if (lists.Count == 0)
            return;
        // Likelihoods lie tens of nats apart, so weights of 1 would begin where the softmax is flat.
        var found = new ConditionalLogit(lists, Ridge * lists.Count, enough: 1e-6).Solve(new double[TitleWeights.Count]);
        if (found[0] <= 0)
        {
            // They say nothing yet, and must not count against themselves, or the fit would make right titles unlikely: they begin a nat apart.
            var spread = cat([.. lists.Select(list => list.Terms.sum([-1L]).flatten())]).std().item<double>();
            Array.Fill(found, 1 / Math.Max(1, spread));
        }
        model.Head.Calibrate(new((float)found[0], (float)found[1]));
    }

    public (double Loss, int Targets) Step(CandidateSample[] batch, double rate)
    {
        adam.ZeroGradients();
        scalarAdam.ZeroGradients();
        var loss = gradient.Add(Parts(batch, Listwise), part => Loss(part).Times(1.0 / batch.Length));
        adam.Update(rate);
        scalarAdam.Update(rate);
        model.Head.KeepLikelihoodPositive();
        return (loss, batch.Length);
    }

    public double Validate(IReadOnlyList<CandidateSample[]> batches) => gradient.Sum(Parts([.. batches.SelectMany(batch => batch)], Listwise), Loss) / batches.Sum(batch => batch.Length);

    private PackedSample[][] Parts(IReadOnlyList<CandidateSample> questions, bool listwise)
    {
        PackedSample[] asked = [.. questions.Select(question => reader.Ask(question, listwise ? options.Answers : 1))];
        if (listwise)
            reader.FindPriors(asked);
        return [.. TokenBatches.Of(asked.Select(question => (question, question.Packed.Ids.Length)), options.TokenBudget / TorchThreads.ParallelPasses(model.Device))];
    }

    // The sum over the questions.
    private Tensor Loss(PackedSample[] part) => stack(part.Zip(reader.Likelihoods(part), Loss)).sum();

    private Tensor Loss(PackedSample question, Tensor likelihoods) => Listwise
        ? TorchTitleScorer.ListwiseLoss(model.Head.TitleScores(likelihoods, reader.Priors(question)), 0)
        : TorchTitleScorer.LanguageModelLoss(likelihoods, 0, question.Answer);

    public void Dispose()
    {
        model.Dispose();
        catalogue.Dispose();
        adam.Dispose();
        scalarAdam.Dispose();
    }
}
