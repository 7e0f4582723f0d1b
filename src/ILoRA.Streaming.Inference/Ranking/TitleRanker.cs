using ILoRA.Streaming.Inference.Serving;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>The paper's scorer: each candidate's title by its likelihood after the prompt, all candidates packed into one run.</summary>
internal static class TitleRanker
{
    /// <summary>s_i = a log p(title i | prompt) - b null_i + c log p_enc(i), see <see cref="TitleWeights"/>; c is 0 where the line does not fuse.</summary>
    public static IReadOnlyList<ScoredItem> Rank(ServedVersion version, ReadHistory history, CoveredCatalogue covered, IReadOnlyList<int> places, int count)
    {
        var entries = places.Select(place => covered.Catalogue.Entries[place]).ToArray();
        string[] titles = [.. entries.Select(entry => entry.Title)];
        var prompt = history.Prompt(version, covered.Catalogue, titles);
        var likelihoods = version.Session.TitleScores(prompt, [.. titles.Select(version.Titles.Answer)], version.Adapter);
        var weights = version.Snapshot.Head.TitleWeights;
        float[] nulls = [.. titles.Select(title => weights.Null == 0 ? 0 : version.Titles.Null(version.Session, version.Adapter, title))];
        return entries
            .Select((entry, i) => new ScoredItem(entry.Item, weights.Score(likelihoods[i], nulls[i]) + version.Snapshot.Head.Weights.Encoder * LogEncoder(version, history, entry.Item)))
            .OrderByDescending(item => item.Score)
            .Take(count)
            .ToList();
    }

    private static float LogEncoder(ServedVersion version, ReadHistory history, ItemId item) =>
        version.Snapshot.Items.RowOf(item.Value) is >= 0 and var row ? history.LogEncoder[row] : SasRec.LogUnknown(history.LogEncoder.Length);
}
