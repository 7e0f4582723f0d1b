using ILoRA.Streaming.Model.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Models;

/// <summary>The score head's features of pairs of B histories and M catalogue items, without the language model's term.</summary>
/// <param name="LogEncoder">[B, M], log p_enc, the encoder's log-probability.</param>
/// <param name="LogRepeat">[B, M], log(1 + occurrences of the item in the history).</param>
/// <param name="TitleSimilarities">[B, M], see <see cref="TitleSimilarity"/>.</param>
/// <param name="Cooccurrences">[B, M], see <see cref="ItemNeighbours"/>.</param>
public sealed record HistoryFeatures(Tensor LogEncoder, Tensor LogRepeat, Tensor TitleSimilarities, Tensor Cooccurrences)
{
    /// <summary>The values of one term of the score, before weighting.</summary>
    /// <returns>[B, M], or [M] where they do not depend on the history.</returns>
    public Tensor Term(ScoreTerm term, CatalogueFeatures catalogue) => term switch
    {
        ScoreTerm.Encoder => LogEncoder,
        ScoreTerm.Popularity => catalogue.LogRecent,
        ScoreTerm.New => catalogue.IsNew,
        ScoreTerm.Repeat => LogRepeat,
        ScoreTerm.TitleSimilarity => TitleSimilarities,
        ScoreTerm.CoOccurrence => Cooccurrences,
        _ => throw new ArgumentOutOfRangeException(nameof(term), term, "A term of the score has no features here."),
    };
}

/// <summary>The score head's features of M catalogue items; n is an item's number of clicks.</summary>
/// <param name="Titles">t [M, H], title vectors.</param>
/// <param name="Directions">u [M, H], centred title vectors of length 1 (see <see cref="TitleSimilarity.Direction"/>).</param>
/// <param name="Rows">f [M, 2 d + 1], see <see cref="Model.Encoders.SasRec.ItemFeatures"/>; zero where the encoder has no row.</param>
/// <param name="Shrinkage">[M, 1], n / (n + 5).</param>
/// <param name="LogRecent">[M], log(1 + recent popularity).</param>
/// <param name="IsNew">[M], 1 where n = 0, else 0.</param>
public sealed record CatalogueFeatures(Tensor Titles, Tensor Directions, Tensor Rows, Tensor Shrinkage, Tensor LogRecent, Tensor IsNew);
