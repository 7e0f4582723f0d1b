using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Models;

/// <summary>The score head with trainable parameters (formula at <see cref="ScoreHead"/>).</summary>
public sealed class TorchHead(ScoreHead source, Device device) : IDisposable
{
    private const float MinLikelihoodWeight = 1e-3f;
    private const int EncoderTerm = (int)ScoreTerm.Encoder;
    private const string ScaleName = "head.scale";
    private static readonly int CommonScale = ScoreWeights.Terms.Count;
    private readonly Parameter title = source.Title.KeepParameter(device, source.Hidden, source.Hidden);
    private readonly Parameter item = source.Item.KeepParameter(device, source.Hidden, source.Width);
    private readonly Tensor centre = source.Centre.Keep(device, source.Hidden);
    // The terms' weights, and a common scale of the two maps, which Export multiplies into them: one number learns the scale faster than
    // all entries.
    private readonly Parameter scalars = source.Weights.ToArray().Append(1).ToArray().KeepParameter(device, CommonScale + 1);

    private readonly Parameter titleWeights = source.TitleWeights.ToArray().KeepParameter(device, Model.Scoring.TitleWeights.Count);

    /// <summary>The two matrices that map title vectors and encoder rows to item vectors v.</summary>
    public IEnumerable<(string Name, Parameter Value)> Maps() => [("head.title", title), ("head.item", item)];

    /// <summary>The weights of the score's terms; since they are few, they tolerate a higher learning rate than the maps.</summary>
    public IEnumerable<(string Name, Parameter Value)> Scalars() => [("head.scalars", scalars)];

    /// <summary>The title scorer's weights of log-likelihood and title prior (see <see cref="Model.Scoring.TitleWeights"/>).</summary>
    public IEnumerable<(string Name, Parameter Value)> TitleWeights() => [("head.title_weights", titleWeights)];

    /// <summary>Centres and normalises title vectors (see <see cref="TitleSimilarity.Direction"/>).</summary>
    /// <param name="titles">t [M, H]; zero for an item without a title.</param>
    /// <returns>u [M, H]; zero for an item without a title.</returns>
    public Tensor Directions(Tensor titles) => nn.functional.normalize(titles.Minus(centre) * titles.abs().sum([1L], true).sign(), dim: 1);

    /// <summary>The language model's term of the score: h . v / sqrt(H).</summary>
    /// <param name="h">[B, H], the hidden state of each prompt's last token.</param>
    /// <param name="catalogue">The items' features.</param>
    /// <returns>[B, M]</returns>
    public Tensor LanguageModelTerm(Tensor h, CatalogueFeatures catalogue)
    {
        using var scope = NewDisposeScope();
        // [M, H].
        var vectors = nn.functional.linear(catalogue.Titles, title).Plus(catalogue.Shrinkage * nn.functional.linear(catalogue.Rows, item));
        return (scalars[CommonScale].Times(1 / Math.Sqrt(source.Hidden)) * h.matmul(vectors.t())).MoveToOuterDisposeScope();
    }

    /// <summary>The head scorer's scores, equal to those of <see cref="HeadScorer"/>.</summary>
    /// <param name="h">[B, H], the hidden state of each prompt's last token; null leaves out the language model's term.</param>
    /// <param name="user">The histories' features.</param>
    /// <param name="catalogue">The items' features.</param>
    /// <param name="learnScalars">Whether gradients are propagated to the weights of the terms.</param>
    /// <returns>[B, M]</returns>
    public Tensor Scores(Tensor? h, HistoryFeatures user, CatalogueFeatures catalogue, bool learnScalars = true)
    {
        using var scope = NewDisposeScope();
        var weights = learnScalars ? scalars : scalars.detach();
        var score =
            ScoreWeights.Terms.Select(term => weights[(int)term] * user.Term(term, catalogue)).Aggregate((sum, term) => sum.Plus(term));
        return (h is null ? score : score.Plus(LanguageModelTerm(h, catalogue))).MoveToOuterDisposeScope();
    }

    /// <summary>The language model's part of the title scorer's scores.</summary>
    /// <param name="likelihoods">[C], log p(title | prompt).</param>
    /// <param name="priors">[C], see <c>TitlePriors</c>.</param>
    /// <returns>[C]</returns>
    public Tensor TitleScores(Tensor likelihoods, Tensor priors) => TitleScores(titleWeights, likelihoods, priors);

    /// <param name="likelihoods">[C], log p(title | prompt).</param>
    /// <param name="priors">[C], see <c>TitlePriors</c>.</param>
    /// <param name="encoder">[C], log p_enc.</param>
    /// <param name="learnScalars">Whether gradients are propagated to the weights of the terms.</param>
    /// <returns>[C]</returns>
    public Tensor TitleScores(Tensor likelihoods, Tensor priors, Tensor encoder, bool learnScalars)
    {
        var (titles, terms) = learnScalars ? ((Tensor)titleWeights, (Tensor)scalars) : (titleWeights.detach(), scalars.detach());
        return TitleScores(titles, likelihoods, priors).Plus(terms[EncoderTerm] * encoder);
    }

    private static Tensor TitleScores(Tensor weights, Tensor likelihoods, Tensor priors) =>
        (weights[0] * likelihoods).Minus(weights[1] * priors);

    /// <summary>Sets the title scorer's weights of log-likelihood and title prior.</summary>
    public void Calibrate(TitleWeights weights) => titleWeights.Overwrite(weights.ToArray());

    /// <summary>
    /// Clamps the weight of the log-likelihood to a positive minimum after a step. With a negative weight the adapter would learn to make
    /// the target's title unlikely.
    /// </summary>
    public void KeepLikelihoodPositive()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var likelihood = titleWeights.narrow(0, 0, 1);
        likelihood.copy_(maximum(likelihood, tensor(new[] { MinLikelihoodWeight }, device: device)));
    }

    /// <summary>
    /// Initialises the columns of P_e for an item's output row and bias, so that h . v / sqrt(H) approximates the encoder's logit.
    /// </summary>
    /// <param name="map">[H, d + 1], a linear map from the hidden state h to (z, 1), with z the encoder's sequence vector.</param>
    public void SetSequenceVectorMap(Tensor map)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        item.narrow(1, source.Width - map.shape[1], map.shape[1]).copy_(map.Times(Math.Sqrt(source.Hidden)));
    }

    public ScoreHead Export() => Export(scalars.Values()[CommonScale]);

    /// <summary>
    /// The state for a checkpoint: the head with unscaled maps, and their common scale separately, since the optimiser's state belongs to
    /// the unscaled maps.
    /// </summary>
    public (ScoreHead Head, Model.Tensors.Tensor Scale) Save() => (Export(1), new(ScaleName, [1], [scalars.Values()[CommonScale]]));

    /// <summary>Restores the scale that <see cref="Save"/> stored separately; 1 where the checkpoint has none.</summary>
    public void Load(IReadOnlyDictionary<string, Model.Tensors.Tensor> tensors) =>
        scalars.Overwrite([.. scalars.Values()[..CommonScale], tensors.TryGetValue(ScaleName, out var scale) ? scale.Values[0] : 1]);

    private ScoreHead Export(float scale) =>
        (source with
        {
            Title = title.Values(),
            Item = item.Values(),
            Weights = ScoreWeights.Of(scalars.Values()),
            TitleWeights = Model.Scoring.TitleWeights.Of(titleWeights.Values())
        }).Scaled(scale);

    /// <summary>Initialises a head with small random maps, so that its language model's term starts close to zero.</summary>
    /// <param name="hidden">H, the backbone's hidden width.</param>
    /// <param name="width">2 d + 1, the width of the encoder's item features.</param>
    /// <param name="centre">[H], the mean title vector of the catalogue.</param>
    /// <param name="weights">The initial weights of the terms.</param>
    /// <param name="random">Draws the maps.</param>
    public static ScoreHead Initial(int hidden, int width, float[] centre, ScoreWeights weights, Random random) => new(hidden, width,
        RandomValues.Normal(random, hidden * hidden, 0.1f / MathF.Sqrt(hidden)),
        RandomValues.Normal(random, hidden * width, 0.1f / MathF.Sqrt(width)), centre, weights);

    public void Dispose()
    {
        foreach (var (_, parameter) in Maps().Concat(Scalars()).Concat(TitleWeights()))
            parameter.Dispose();
        centre.Dispose();
    }
}
