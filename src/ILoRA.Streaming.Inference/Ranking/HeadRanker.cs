using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>The stream's default scorer: one prompt pass gives the hidden state that ranks all items (formula at <see cref="ScoreHead"/>).</summary>
internal static class HeadRanker
{
    /// <param name="version">The version that ranks.</param>
    /// <param name="history">As that version reads it.</param>
    /// <param name="covered">The catalogue with the version's vectors.</param>
    /// <param name="places">Places in the catalogue to rank; null ranks all of them.</param>
    /// <param name="count">Length of the list.</param>
    public static IReadOnlyList<ScoredItem> Rank(ServedVersion version, ReadHistory history, CoveredCatalogue covered, IReadOnlyList<int>? places, int count)
    {
        var catalogue = covered.Catalogue;
        var prompt = history.Prompt(version, catalogue, null);
        var hidden = version.Session.Hidden(prompt, version.Adapter, prompt.Ids.Length - 1);
        IReadOnlyList<ItemVector> vectors = places is null ? covered.Vectors : [.. places.Select(place => covered.Vectors[place])];
        var scores = HeadScorer.Score(version.Snapshot.Head, vectors, history.User(version, covered, hidden), Indices(history, covered, places));
        if (places is null)
            LeaveOutDeleted(scores, covered);
        return [.. TopK.Of(scores, count).Select(index => new ScoredItem(catalogue.Entries[places?[index] ?? index].Item, scores[index]))];
    }

    // Where the history's items stand among those that are ranked; -1 is no place.
    private static int[] Indices(ReadHistory history, CoveredCatalogue covered, IReadOnlyList<int>? places)
    {
        var index = places?.Select((place, i) => (place, i)).ToDictionary(entry => entry.place, entry => entry.i);
        return [.. history.Items.Select(covered.Catalogue.PlaceOf).Select(place => index is null ? place : index.GetValueOrDefault(place, -1))];
    }

    private static void LeaveOutDeleted(float[] scores, CoveredCatalogue covered)
    {
        for (var place = 0; place < scores.Length; place++)
        {
            if (covered.Catalogue.Entries[place].Deleted)
                scores[place] = float.NegativeInfinity;
        }
    }
}
