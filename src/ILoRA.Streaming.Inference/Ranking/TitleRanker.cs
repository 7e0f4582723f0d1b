using ILoRA.Streaming.Inference.Serving;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Model.Encoders;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>The paper's scorer: log-likelihood of each candidate's title after the prompt, all candidates packed into one run.</summary>
internal static class TitleRanker
{
    /// <summary>s_i = log p(title i | prompt) + c log p_enc(i); c is 0 where the line does not fuse.</summary>
    public static IReadOnlyList<ScoredItem> Rank(ServedVersion version, ReadHistory history, CoveredCatalogue covered, IReadOnlyList<int> places, int count)
    {
        var entries = places.Select(place => covered.Catalogue.Entries[place]).ToArray();
        var prompt = history.Prompt(version, covered.Catalogue, [.. entries.Select(entry => entry.Title)]);
        var likelihoods = version.Session.TitleScores(prompt, [.. entries.Select(entry => version.Titles.Answer(entry.Title))], version.Adapter);
        return entries
            .Select((entry, i) => new ScoredItem(entry.Item, likelihoods[i] + version.Snapshot.Head.Weights.Encoder * LogEncoder(version, history, entry.Item)))
            .OrderByDescending(item => item.Score)
            .Take(count)
            .ToList();
    }

    private static float LogEncoder(ServedVersion version, ReadHistory history, ItemId item) =>
        version.Snapshot.Items.RowOf(item.Value) is >= 0 and var row ? history.LogEncoder[row] : SasRec.LogUnknown(history.LogEncoder.Length);
}
