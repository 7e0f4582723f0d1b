using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>The score head as parameters; the formula stands at <see cref="ScoreHead"/>.</summary>
public sealed class TorchHead(ScoreHead source, Device device) : IDisposable
{
    private readonly Parameter title = source.Title.KeepParameter(device, source.Hidden, source.Hidden);
    private readonly Parameter item = source.Item.KeepParameter(device, source.Hidden, source.Width);
    // c, a, b, m and a common scale of the two maps, which is multiplied into them on export: one number learns it faster than all entries.
    private readonly Parameter scalars = new[] { source.Encoder, source.Popularity, source.New, source.Repeat, 1 }.KeepParameter(device, 5);

    /// <summary>The two maps.</summary>
    public IEnumerable<(string Name, Parameter Value)> Maps() => [("head.title", title), ("head.item", item)];

    /// <summary>The few numbers that weigh the score's terms: few, so they stand a high learning rate.</summary>
    public IEnumerable<(string Name, Parameter Value)> Scalars() => [("head.scalars", scalars)];

    /// <param name="h">[B, H], last hidden states; null scores without the language model.</param>
    /// <param name="logEncoder">[B, M], the encoder's log-probabilities of the catalogue.</param>
    /// <param name="logRepeat">[B, M], log(1 + times the item is in the history).</param>
    /// <param name="catalogue">The items' features.</param>
    /// <param name="learnScalars">Whether the gradient reaches the weights of the terms.</param>
    /// <returns>[B, M] scores.</returns>
    public Tensor Scores(Tensor? h, Tensor logEncoder, Tensor logRepeat, CatalogueFeatures catalogue, bool learnScalars = true)
    {
        using var scope = NewDisposeScope();
        var weights = learnScalars ? scalars : scalars.detach();
        var score = (weights[0] * logEncoder).Plus(weights[3] * logRepeat).Plus((weights[1] * catalogue.LogRecent).Plus(weights[2] * catalogue.IsNew).unsqueeze(0));
        if (h is not null)
        {
            var vectors = nn.functional.linear(catalogue.Titles, title).Plus(catalogue.Shrinkage * nn.functional.linear(catalogue.Rows, item));    // [M, H]
            score = score.Plus(weights[4].Times(1 / Math.Sqrt(source.Hidden)) * h.matmul(vectors.t()));
        }
        return score.MoveToOuterDisposeScope();
    }

    /// <summary>The common scale of the two maps.</summary>
    public float Scale
    {
        get => scalars.Values()[4];
        set => scalars.Overwrite([.. scalars.Values()[..4], value]);
    }

    public ScoreHead Export() => Export(Scale);

    /// <summary>The head with its maps as they are, for a checkpoint that keeps <see cref="Scale"/> apart: optimiser state belongs to the unscaled maps.</summary>
    public ScoreHead ExportUnscaled() => Export(1);

    private ScoreHead Export(float scale)
    {
        var values = scalars.Values();
        return source with { Title = Scaled(title, scale), Item = Scaled(item, scale), Encoder = values[0], Popularity = values[1], New = values[2], Repeat = values[3] };
    }

    /// <summary>A head that begins as the encoder alone (c = 1); small maps, so that the language model's term starts near nothing.</summary>
    public static ScoreHead Initial(int hidden, int width, Random random) => new(hidden, width,
        RandomValues.Normal(random, hidden * hidden, 0.1f / MathF.Sqrt(hidden)), RandomValues.Normal(random, hidden * width, 0.1f / MathF.Sqrt(width)), 1, 0, 0, 0);

    private static float[] Scaled(Parameter map, float scale) => [.. map.Values().Select(value => value * scale)];

    public void Dispose()
    {
        foreach (var (_, parameter) in Maps().Concat(Scalars()))
            parameter.Dispose();
    }
}

/// <summary>What the head reads of each of M catalogue items.</summary>
/// <param name="Titles">t [M, H]</param>
/// <param name="Rows">e [M, d]; zero where the encoder has no row.</param>
/// <param name="Shrinkage">n / (n + 5) [M, 1]</param>
/// <param name="LogRecent">log(1 + recent) [M]</param>
/// <param name="IsNew">1 where n = 0 [M]</param>
public sealed record CatalogueFeatures(Tensor Titles, Tensor Rows, Tensor Shrinkage, Tensor LogRecent, Tensor IsNew);
