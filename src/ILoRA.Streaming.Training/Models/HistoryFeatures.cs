using ILoRA.Streaming.Model.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Models;

/// <summary>What the head reads of B histories for M catalogue items, beside the language model's hidden state.</summary>
/// <param name="LogEncoder">log p_enc [B, M]</param>
/// <param name="LogRepeat">log(1 + times the item is in the history) [B, M]</param>
/// <param name="Similar">[B, M], see <see cref="TitleSimilarity"/>.</param>
/// <param name="Together">[B, M], see <see cref="ItemNeighbours"/>.</param>
public sealed record HistoryFeatures(Tensor LogEncoder, Tensor LogRepeat, Tensor Similar, Tensor Together)
{
    /// <returns>What the weight of a term is multiplied by, [B, M] or [M].</returns>
    public Tensor Term(ScoreTerm term, CatalogueFeatures catalogue) => term switch
    {
        ScoreTerm.Encoder => LogEncoder,
        ScoreTerm.Popularity => catalogue.LogRecent,
        ScoreTerm.New => catalogue.IsNew,
        ScoreTerm.Repeat => LogRepeat,
        ScoreTerm.TitleSimilarity => Similar,
        ScoreTerm.CoOccurrence => Together,
        _ => throw new ArgumentOutOfRangeException(nameof(term), term, "A term of the score has no features here."),
    };
}

/// <summary>What the head reads of each of M catalogue items.</summary>
/// <param name="Titles">t [M, H]</param>
/// <param name="Directions">u [M, H]</param>
/// <param name="Rows">f [M, 2 d + 1], see <see cref="Model.Encoders.SasRec.ItemFeatures"/>; zero where the encoder has no row.</param>
/// <param name="Shrinkage">n / (n + 5) [M, 1]</param>
/// <param name="LogRecent">log(1 + recent) [M]</param>
/// <param name="IsNew">1 where n = 0 [M]</param>
public sealed record CatalogueFeatures(Tensor Titles, Tensor Directions, Tensor Rows, Tensor Shrinkage, Tensor LogRecent, Tensor IsNew);
