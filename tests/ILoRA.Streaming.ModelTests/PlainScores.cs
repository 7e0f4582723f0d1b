using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.ModelTests;

/// <summary>The head's sum by its definition in plain C#, from a version and a history.</summary>
internal static class PlainScores
{
    /// <param name="version">The version that scores.</param>
    /// <param name="backbone">Makes the title vectors.</param>
    /// <param name="catalogue">M items; without a title, where it is null.</param>
    /// <param name="history">Ids, oldest first.</param>
    /// <param name="hidden">h [H], the language model's last hidden state.</param>
    /// <returns>[M]</returns>
    public static float[] Head(Snapshot version, Backbone backbone, IReadOnlyList<(string Id, string? Title)> catalogue, IReadOnlyList<string> history, float[] hidden)
    {
        var vectors = catalogue.Select(item => ItemVector.Of(version.Head, version.Encoder, version.Items, item.Id, Title(backbone, item.Title))).ToArray();
        int[] places = [.. history.Select(id => Enumerable.Range(0, catalogue.Count).FirstOrDefault(place => catalogue[place].Id == id, -1))];
        var nothing = new float[hidden.Length];
        var user = new UserVector(hidden, LogEncoder(version, history), version.Neighbours.CoOccurrence(Rows(version, history), version.Items.Seen),
            TitleSimilarity.Query([.. places.Select(place => place < 0 ? nothing : vectors[place].Direction)], hidden.Length));
        return HeadScorer.Score(version.Head, vectors, user, places);
    }

    /// <returns>[N], log p_enc by row.</returns>
    public static float[] LogEncoder(Snapshot version, IReadOnlyList<string> history) =>
        version.Encoder.LogProbabilities(version.Encoder.Encode(Rows(version, history)), version.Items.Seen);

    private static int[] Rows(Snapshot version, IReadOnlyList<string> history) => [.. history.Select(version.Items.RowOf).Where(row => row >= 0)];

    private static float[] Title(Backbone backbone, string? title) => title is null ? new float[backbone.Config.Hidden] : TitleVectors.Of(backbone, title);
}
