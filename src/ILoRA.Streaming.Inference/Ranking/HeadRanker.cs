using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Rules;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>
/// Ranks by the head scorer: one forward pass of the prompt gives the hidden state for the scores of all items (formula at
/// <see cref="ScoreHead"/>).
/// </summary>
internal static class HeadRanker
{
    /// <summary>Ranks items of the catalogue.</summary>
    /// <param name="version">The version.</param>
    /// <param name="history">The user's history under that version.</param>
    /// <param name="covered">The catalogue with the version's vectors.</param>
    /// <param name="places">The catalogue indices of the candidates; null for the whole catalogue.</param>
    /// <param name="count">The length of the list.</param>
    public static IReadOnlyList<ScoredItem> Rank(
        ServedVersion version, EncodedHistory history, CoveredCatalogue covered, IReadOnlyList<int>? places, int count)
    {
        var catalogue = covered.Catalogue;
        var prompt = history.Prompt(version, catalogue, null);
        var hidden = version.Session.Hidden(prompt, version.Adapter, prompt.Ids.Length - 1);
        IReadOnlyList<ItemVector> vectors = places is null ? covered.Vectors : [.. places.Select(place => covered.Vectors[place])];
        var scores =
            HeadScorer.Score(version.Snapshot.Head, vectors, history.User(version, covered, hidden), Indices(history, covered, places));
        if (places is null)
            ListingMask.Of(catalogue).Apply(scores);
        return [.. TopK.Of(scores, count).Select(index => new ScoredItem(catalogue.Entries[places?[index] ?? index].Item, scores[index]))];
    }

    // The indices of the history's items among the candidates; -1 where an item is none of them.
    private static int[] Indices(EncodedHistory history, CoveredCatalogue covered, IReadOnlyList<int>? places)
    {
        var index = places?.Select((place, i) => (place, i)).ToDictionary(entry => entry.place, entry => entry.i);
        return [.. history.Items.Select(covered.Catalogue.PlaceOf)
            .Select(place => index is null ? place : index.GetValueOrDefault(place, -1))];
    }
}
