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

/// <summary>The title scorer's model in training, with its optimisers.</summary>
internal sealed class TitleLearner : IFitLearner<CandidateSample[]>
{
    private const double Ridge = 1e-3;

    private readonly Snapshot start;
    private readonly TorchModel model;
    private readonly TitleFitOptions options;
    private readonly TorchCatalogue catalogue;
    private readonly ScoringContext context;
    private readonly TitleLikelihoods titleLikelihoods;
    private readonly Adam adam = new();
    private readonly Adam scalarAdam = new();
    private readonly ParallelGradient gradient;

    public TitleLearner(TorchBackbone torchBackbone, Backbone backbone, Snapshot start, IEnumerable<KeyValuePair<string, string>> titles,
        TitleFitOptions options, TitlePriors priors)
    {
        this.start = start;
        this.options = options;
        model = new(torchBackbone, start, options.TrainedLayers);
        catalogue = TorchCatalogue.Of(backbone, torchBackbone.Device, titles);
        context = ScoringContext.Of(model, backbone, catalogue, start);
        titleLikelihoods = new(model, backbone, catalogue, context, priors);
        adam.AddRange(model.AdapterParameters());
        scalarAdam.AddRange(model.Head.TitleWeights());
        gradient = new([.. adam.Parameters, .. scalarAdam.Parameters], model.Device);
    }

    private bool Listwise => options.Loss == TitleLoss.Listwise;

    /// <summary>Whether the history has an item with an encoder row, so that there is a sequence vector.</summary>
    public bool Knows(Sample sample) => context.Rows(sample).Length > 0;

    public Snapshot Export() => model.Export(start.Items, start.Neighbours) with { Encoder = start.Encoder };

    public (Snapshot Current, IReadOnlyList<Model.Tensors.Tensor> Optimisers) Save() =>
        (Export(), [.. adam.Save("adapter"), .. scalarAdam.Save("scalars")]);

    public void Resume(IReadOnlyList<Model.Tensors.Tensor> optimisers)
    {
        var tensors = optimisers.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        adam.Load("adapter", tensors);
        scalarAdam.Load("scalars", tensors);
    }

    /// <summary>
    /// Fits the weights of log-likelihood and title prior on samples, so that the softmax over the candidates' scores predicts the targets
    /// best.
    /// </summary>
    public void Calibrate(IReadOnlyList<CandidateSample> samples, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var lists = new List<(Tensor Terms, Tensor Targets)>();
        foreach (var part in Parts(samples, listwise: true))
        {
            stop.ThrowIfCancellationRequested();
            foreach (var (sample, likelihoods) in part.Zip(titleLikelihoods.Likelihoods(part)).Where(pair => pair.First.Scored.Length > 1))
            {
                var terms = stack([likelihoods, -titleLikelihoods.Priors(sample)], 1).to(ScalarType.Float64).unsqueeze(0);     // [1, C, 2]
                lists.Add((terms, zeros(1, ScalarType.Int64, model.Device)));
            }
        }
        if (lists.Count == 0)
            return;
        // Log-likelihoods differ by tens of nats; from weights of 1 Newton's method would start where the softmax is saturated, so it
        // starts from 0.
        var found = new ConditionalLogit(lists, Ridge * lists.Count, tolerance: 1e-6).Solve(new double[TitleWeights.Count]);
        if (found[0] <= 0)
        {
            // The log-likelihoods do not predict the targets yet. A negative weight would make the fit lower the likelihood of the targets'
            // titles, so both weights start at the value that scales the differences to about one nat.
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

    public double Validate(IReadOnlyList<CandidateSample[]> batches) =>
        gradient.Sum(Parts([.. batches.SelectMany(batch => batch)], Listwise), Loss) / batches.Sum(batch => batch.Length);

    private PackedSample[][] Parts(IReadOnlyList<CandidateSample> samples, bool listwise)
    {
        PackedSample[] packed = [.. samples.Select(sample => titleLikelihoods.Pack(sample, listwise ? options.Answers : 1))];
        if (listwise)
            titleLikelihoods.ComputePriors(packed);
        var budget = options.TokenBudget / TorchThreads.ParallelPasses(model.Device);
        return [.. TokenBatches.Of(packed.Select(sample => (sample, sample.Packed.Ids.Length)), budget)];
    }

    // The sum over the samples, nats.
    private Tensor Loss(PackedSample[] part) => stack(part.Zip(titleLikelihoods.Likelihoods(part), Loss)).sum();

    private Tensor Loss(PackedSample sample, Tensor likelihoods) => Listwise
        ? TorchTitleScorer.ListwiseLoss(model.Head.TitleScores(likelihoods, titleLikelihoods.Priors(sample)), 0)
        : TorchTitleScorer.LanguageModelLoss(likelihoods, 0, sample.TargetTokens);

    public void Dispose()
    {
        model.Dispose();
        catalogue.Dispose();
        adam.Dispose();
        scalarAdam.Dispose();
    }
}
