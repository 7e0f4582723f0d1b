using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Models;

/// <summary>The score head as parameters; the formula stands at <see cref="ScoreHead"/>.</summary>
public sealed class TorchHead(ScoreHead source, Device device) : IDisposable
{
    private const float LeastLikelihood = 1e-3f;
    private const int EncoderTerm = (int)ScoreTerm.Encoder;
    private const string ScaleName = "head.scale";
    private static readonly int CommonScale = ScoreWeights.Terms.Count;
    private readonly Parameter title = source.Title.KeepParameter(device, source.Hidden, source.Hidden);
    private readonly Parameter item = source.Item.KeepParameter(device, source.Hidden, source.Width);
    private readonly Tensor centre = source.Centre.Keep(device, source.Hidden);
    // The terms' weights and a common scale of the two maps, which is multiplied into them on export: one number learns it faster than all entries.
    private readonly Parameter scalars = source.Weights.ToArray().Append(1).ToArray().KeepParameter(device, CommonScale + 1);

    private readonly Parameter titleWeights = source.TitleWeights.ToArray().KeepParameter(device, Model.Scoring.TitleWeights.Count);

    /// <summary>The two maps.</summary>
    public IEnumerable<(string Name, Parameter Value)> Maps() => [("head.title", title), ("head.item", item)];

    /// <summary>The few numbers that weigh the score's terms: few, so they stand a high learning rate.</summary>
    public IEnumerable<(string Name, Parameter Value)> Scalars() => [("head.scalars", scalars)];

    /// <summary>What the title scorer makes of likelihoods, see <see cref="Model.Scoring.TitleWeights"/>.</summary>
    public IEnumerable<(string Name, Parameter Value)> TitleWeights() => [("head.title_weights", titleWeights)];

    /// <param name="titles">t [M, H]; zeros for an item without a title.</param>
    /// <returns>u [M, H], see <see cref="TitleSimilarity.Direction"/>.</returns>
    public Tensor Directions(Tensor titles) => nn.functional.normalize(titles.Minus(centre) * titles.abs().sum([1L], true).sign(), dim: 1);

    /// <param name="h">[B, H], last hidden states.</param>
    /// <param name="catalogue">The items' features.</param>
    /// <returns>[B, M], h . v / sqrt(H).</returns>
    public Tensor LanguageModelTerm(Tensor h, CatalogueFeatures catalogue)
    {
        using var scope = NewDisposeScope();
        var vectors = nn.functional.linear(catalogue.Titles, title).Plus(catalogue.Shrinkage * nn.functional.linear(catalogue.Rows, item));    // [M, H]
        return (scalars[CommonScale].Times(1 / Math.Sqrt(source.Hidden)) * h.matmul(vectors.t())).MoveToOuterDisposeScope();
    }

    /// <param name="h">[B, H], last hidden states; null scores without the language model.</param>
    /// <param name="user">What is known of the histories.</param>
    /// <param name="catalogue">The items' features.</param>
    /// <param name="learnScalars">Whether the gradient reaches the weights of the terms.</param>
    /// <returns>[B, M] scores, equal to <see cref="HeadScorer"/>'s.</returns>
    public Tensor Scores(Tensor? h, HistoryFeatures user, CatalogueFeatures catalogue, bool learnScalars = true)
    {
        using var scope = NewDisposeScope();
        var weights = learnScalars ? scalars : scalars.detach();
        var score = ScoreWeights.Terms.Select(term => weights[(int)term] * user.Term(term, catalogue)).Aggregate((sum, term) => sum.Plus(term));
        return (h is null ? score : score.Plus(LanguageModelTerm(h, catalogue))).MoveToOuterDisposeScope();
    }

    /// <param name="likelihoods">[C], log p(title | prompt).</param>
    /// <param name="priors">[C], see <c>TitlePriors</c>.</param>
    /// <returns>[C], what the language model says of titles.</returns>
    public Tensor TitleScores(Tensor likelihoods, Tensor priors) => TitleScores(titleWeights, likelihoods, priors);

    /// <param name="likelihoods">[C], log p(title | prompt).</param>
    /// <param name="priors">[C], see <c>TitlePriors</c>.</param>
    /// <param name="encoder">[C], log p_enc.</param>
    /// <param name="learnScalars">Whether the gradient reaches the weights of the terms.</param>
    /// <returns>[C], the title scorer's scores as served, see <see cref="TitleScorer"/>.</returns>
    public Tensor TitleScores(Tensor likelihoods, Tensor priors, Tensor encoder, bool learnScalars)
    {
        var (titles, terms) = learnScalars ? ((Tensor)titleWeights, (Tensor)scalars) : (titleWeights.detach(), scalars.detach());
        return TitleScores(titles, likelihoods, priors).Plus(terms[EncoderTerm] * encoder);
    }

    private static Tensor TitleScores(Tensor weights, Tensor likelihoods, Tensor priors) => (weights[0] * likelihoods).Minus(weights[1] * priors);

    /// <summary>Sets what the title scorer makes of likelihoods.</summary>
    public void Calibrate(TitleWeights weights) => titleWeights.Overwrite(weights.ToArray());

    /// <summary>Holds the weight of a likelihood above zero, whatever a step did: below it the adapter would learn to make right titles unlikely.</summary>
    public void KeepLikelihoodPositive()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var likelihood = titleWeights.narrow(0, 0, 1);
        likelihood.copy_(maximum(likelihood, tensor(new[] { LeastLikelihood }, device: device)));
    }

    /// <summary>Sets the part of P_e that meets an item's output row and bias, so that h . v / sqrt(H) is the encoder's logit of what the map reads out of h.</summary>
    /// <param name="map">[H, d + 1], from h to (z, 1).</param>
    public void ReadSequenceVector(Tensor map)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        item.narrow(1, source.Width - map.shape[1], map.shape[1]).copy_(map.Times(Math.Sqrt(source.Hidden)));
    }

    public ScoreHead Export() => Export(scalars.Values()[CommonScale]);

    /// <summary>For a checkpoint: the head with its maps as they are, and their common scale apart, since optimiser state belongs to the unscaled maps.</summary>
    public (ScoreHead Head, Model.Tensors.Tensor Scale) Save() => (Export(1), new(ScaleName, [1], [scalars.Values()[CommonScale]]));

    /// <summary>Takes back the scale that <see cref="Save"/> kept apart; 1 where there is none.</summary>
    public void Load(IReadOnlyDictionary<string, Model.Tensors.Tensor> tensors) =>
        scalars.Overwrite([.. scalars.Values()[..CommonScale], tensors.TryGetValue(ScaleName, out var scale) ? scale.Values[0] : 1]);

    private ScoreHead Export(float scale) => (source with { Title = title.Values(), Item = item.Values(), Weights = ScoreWeights.Of(scalars.Values()), TitleWeights = Model.Scoring.TitleWeights.Of(titleWeights.Values()) }).Scaled(scale);

    /// <summary>A head whose language-model term starts near nothing, by small maps.</summary>
    /// <param name="hidden">H</param>
    /// <param name="width">2 d + 1</param>
    /// <param name="centre">The catalogue's mean title vector [H].</param>
    /// <param name="weights">Where the weights begin.</param>
    /// <param name="random">Draws the maps.</param>
    public static ScoreHead Initial(int hidden, int width, float[] centre, ScoreWeights weights, Random random) => new(hidden, width,
        RandomValues.Normal(random, hidden * hidden, 0.1f / MathF.Sqrt(hidden)), RandomValues.Normal(random, hidden * width, 0.1f / MathF.Sqrt(width)), centre, weights);

    public void Dispose()
    {
        foreach (var (_, parameter) in Maps().Concat(Scalars()).Concat(TitleWeights()))
            parameter.Dispose();
        centre.Dispose();
    }
}
