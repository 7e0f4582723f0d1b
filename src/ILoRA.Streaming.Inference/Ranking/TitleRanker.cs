using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>
/// Ranks by the title scorer: the log-likelihood of each candidate's title after the prompt (formula at <see cref="TitleScorer"/>). All
/// candidates are packed into one sequence.
/// </summary>
internal static class TitleRanker
{
    /// <summary>Ranks the candidates at the given catalogue indices.</summary>
    public static IReadOnlyList<ScoredItem> Rank(
        ServedVersion version, EncodedHistory history, CoveredCatalogue covered, IReadOnlyList<int> places, int count)
    {
        var entries = places.Select(place => covered.Catalogue.Entries[place]).ToArray();
        string[] titles = [.. entries.Select(entry => entry.Title)];
        var prompt = history.Prompt(version, covered.Catalogue, titles);
        var likelihoods = version.Session.TitleScores(prompt, [.. titles.Select(version.Titles.Answer)], version.Adapter);
        var head = version.Snapshot.Head;
        float[] priors = [.. titles.Select(
            title => head.TitleWeights.Prior == 0 ? 0 : version.Titles.Prior(version.Session, version.Adapter, title))];
        return entries
            .Select((entry,
                i) => new ScoredItem(entry.Item,
                    TitleScorer.Score(head, likelihoods[i], priors[i], LogEncoder(version, history, entry.Item))))
            .OrderByDescending(item => item.Score)
            .Take(count)
            .ToList();
    }

    private static float LogEncoder(ServedVersion version, EncodedHistory history, ItemId item) =>
        SasRec.LogProbability(history.LogEncoder, version.Snapshot.Items.RowOf(item.Value));
}
