using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// The first stage of an adapter fit: trains the language model's term of the head scorer by cross-entropy over the whole catalogue, from
/// the hidden state at every item slot and at the prompt's end, so that one forward pass of a prompt has up to eleven targets. The
/// encoder's term is left out: the encoder was fit on these samples and would explain them too well.
/// </summary>
internal sealed class PositionFit : IFitLearner<Sample[]>
{
    private const double Ridge = 1e-3;
    private readonly Snapshot start;
    private readonly TorchModel model;
    private readonly TorchCatalogue catalogue;
    private readonly ScoringContext context;
    private readonly Adam adam = new();
    private readonly Adam scalarAdam = new();
    private readonly ParallelGradient gradient;

    public PositionFit(TorchBackbone torchBackbone, Backbone backbone, Snapshot start, IEnumerable<KeyValuePair<string, string>> titles,
        int? trainedLayers = null)
    {
        this.start = start;
        model = new(torchBackbone, start, trainedLayers);
        catalogue = TorchCatalogue.Of(backbone, torchBackbone.Device, titles);
        context = ScoringContext.Of(model, backbone, catalogue, start);
        adam.AddRange(model.AdapterParameters());
        adam.AddRange(model.Head.Maps());
        scalarAdam.AddRange(model.Head.Scalars());
        gradient = new([.. adam.Parameters, .. scalarAdam.Parameters], model.Device);
    }

    /// <summary>The items of a sequence that have an encoder row; without such items there is no sequence vector for the gate.</summary>
    public IReadOnlyList<string> Known(IReadOnlyList<string> sequence) => [.. sequence.Where(item => context.RowOf(item) >= 0)];

    /// <summary>The length of a sample's prompt in tokens.</summary>
    public int Tokens(Sample sample) => context.PromptLength(sample);

    /// <summary>
    /// Initialises the head by ridge regression: the columns of P_e for output rows and biases become the regression of (z, 1) on h, with z
    /// the encoder's sequence vector and h the hidden state. Training then starts from h . v close to the encoder's logits instead of close
    /// to zero.
    /// </summary>
    /// <param name="batches">The samples to regress on.</param>
    public void StartFromEncoder(IEnumerable<Sample[]> batches)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (hidden, width) = (start.Head.Hidden, start.Encoder.Width);
        var (inner, outer) =
            (zeros(hidden, hidden, ScalarType.Float64, model.Device), zeros(hidden, width + 1, ScalarType.Float64, model.Device));
        foreach (var windows in batches)
        {
            using var batch = NewDisposeScope();
            var (h, z) = (Hidden(windows).to(ScalarType.Float64), PrefixVectors(windows).to(ScalarType.Float64));
            var target = cat([z, ones(z.shape[0], 1, ScalarType.Float64, model.Device)], 1);
            inner.Add(h.t().matmul(h));
            outer.Add(h.t().matmul(target));
        }
        var ridge = eye(hidden, dtype: ScalarType.Float64, device: model.Device).Times(Ridge * inner.trace().item<double>() / hidden);
        model.Head.SetSequenceVectorMap(linalg.solve(inner.Plus(ridge), outer));
    }

    public (double Loss, int Targets) Step(Sample[] windows, double rate)
    {
        var targets = windows.Sum(Count);
        adam.ZeroGradients();
        scalarAdam.ZeroGradients();
        using var scope = NewDisposeScope();
        var features = context.Features();
        var loss = gradient.Add(Parts(windows), part => Loss(part, features).Times((double)part.Sum(Count) / targets));
        adam.Update(rate);
        scalarAdam.Update(10 * rate);
        return (loss, targets);
    }

    public double Validate(IReadOnlyList<Sample[]> batches)
    {
        using var scope = NewDisposeScope();
        var features = context.Features();
        var sum = gradient.Sum(batches, batch => Loss(batch, features).Times(batch.Sum(Count)));
        return sum / batches.Sum(batch => batch.Sum(Count));
    }

    public Snapshot Export() => Export(model.Head.Export());

    // The head's maps are saved unscaled, because the optimiser's state belongs to the unscaled maps.
    public (Snapshot Current, IReadOnlyList<Model.Tensors.Tensor> Optimisers) Save()
    {
        var (head, scale) = model.Head.Save();
        return (Export(head), [.. adam.Save("adapter"), .. scalarAdam.Save("scalars"), scale]);
    }

    public void Resume(IReadOnlyList<Model.Tensors.Tensor> optimisers)
    {
        var tensors = optimisers.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        adam.Load("adapter", tensors);
        scalarAdam.Load("scalars", tensors);
        model.Head.Load(tensors);
    }

    private Snapshot Export(Model.Scoring.ScoreHead head) => start with
    {
        Lora = model.Lora.Export(),
        Gate = model.Gate.Export(),
        Projector = model.Projector.Export(),
        Head = head with { Weights = start.Head.Weights },
    };

    // z [P, d] of every prefix of a history, and of the whole history again for the prompt's end.
    private Tensor PrefixVectors(Sample[] windows)
    {
        var history =
            History.Of(
                [.. windows.Select(context.Rows)
                    .SelectMany(row => Enumerable.Range(1, row.Length).Append(row.Length).Select(length => row[..length]))],
            model.Encoder.Positions, model.Device);
        return model.Encoder.SequenceVectors(history.Rows, history.Last);
    }

    // [P, H], at a prompt's item slots and then at its end.
    private Tensor Hidden(Sample[] windows) => model.SlotsAndLastHidden(context.Prompts(windows), context.SequenceVectors(windows));

    // The next item after each item of the history, and the target again for the prompt's end.
    private static IEnumerable<string> Targets(Sample window) => window.History.Skip(1).Append(window.Target).Append(window.Target);

    private static int Count(Sample window) => window.History.Count + 1;

    // Distributes the prompts, which have similar lengths, over the threads.
    private Sample[][] Parts(Sample[] windows)
    {
        var parts = Math.Min(TorchThreads.ParallelPasses(model.Device), windows.Length);
        return [.. Enumerable.Range(0, parts).Select(part => windows.Where((_, number) => number % parts == part).ToArray())];
    }

    private Tensor Loss(Sample[] windows, CatalogueFeatures features)
    {
        long[] targets = [.. windows.SelectMany(Targets).Select(item => (long)catalogue.IndexOf(item))];
        var scores = model.Head.LanguageModelTerm(Hidden(windows), features);
        return nn.functional.cross_entropy(scores, tensor(targets, device: model.Device));
    }

    public void Dispose()
    {
        model.Dispose();
        catalogue.Dispose();
        adam.Dispose();
        scalarAdam.Dispose();
    }
}
