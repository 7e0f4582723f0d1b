using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.ModelTests;

/// <summary>Computes the head scorer's scores by the reference classes in plain C#, to compare other implementations with.</summary>
internal static class PlainScores
{
    /// <summary>Computes the scores of all items.</summary>
    /// <param name="version">The version.</param>
    /// <param name="backbone">The backbone, for the title vectors.</param>
    /// <param name="catalogue">The M items; the title is null where an item has none.</param>
    /// <param name="history">The item ids of the history, oldest first.</param>
    /// <param name="hidden">The language model's last hidden state h [H].</param>
    /// <returns>Scores [M].</returns>
    public static float[] Head(Snapshot version, Backbone backbone, IReadOnlyList<(string Id, string? Title)> catalogue,
        IReadOnlyList<string> history, float[] hidden)
    {
        var vectors =
            catalogue.Select(item => ItemVector.Of(version.Head, version.Encoder, version.Items, item.Id, Title(backbone, item.Title)))
                .ToArray();
        int[] places = [.. history.Select(
            id => Enumerable.Range(0, catalogue.Count).FirstOrDefault(place => catalogue[place].Id == id, -1))];
        var nothing = new float[hidden.Length];
        var user =
            new UserVector(hidden, LogEncoder(version, history),
                version.Neighbours.CoOccurrence(Rows(version, history), version.Items.Seen),
            TitleSimilarity.Query([.. places.Select(place => place < 0 ? nothing : vectors[place].Direction)], hidden.Length));
        return HeadScorer.Score(version.Head, vectors, user, places);
    }

    /// <summary>Computes the encoder's log-probabilities.</summary>
    /// <returns>log p_enc by row [N], in nats.</returns>
    public static float[] LogEncoder(Snapshot version, IReadOnlyList<string> history) =>
        version.Encoder.LogProbabilities(version.Encoder.Encode(Rows(version, history)), version.Items.Seen);

    private static int[] Rows(Snapshot version, IReadOnlyList<string> history) =>
        [.. history.Select(version.Items.RowOf).Where(row => row >= 0)];

    private static float[] Title(Backbone backbone, string? title) =>
        title is null ? new float[backbone.Config.Hidden] : TitleVectors.Of(backbone, title);
}
