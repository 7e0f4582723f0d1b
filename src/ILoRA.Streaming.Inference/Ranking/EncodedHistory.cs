using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>
/// A user's history with one version's encoder and gate outputs for it: the inputs of ranking other than the language model's.
/// </summary>
/// <param name="Items">The whole history, oldest first.</param>
/// <param name="Rows">The encoder rows of the items that the version knows, oldest first.</param>
/// <param name="LogEncoder">The encoder's log-probability of the next item by row [N], in nats.</param>
/// <param name="Gate">The experts' weights [K].</param>
internal sealed record EncodedHistory(IReadOnlyList<ItemId> Items, int[] Rows, float[] LogEncoder, float[] Gate)
{
    /// <summary>Encodes a history.</summary>
    /// <returns>Null where the encoder knows none of the items, so that there is no sequence vector.</returns>
    public static EncodedHistory? Of(ServedVersion version, IReadOnlyList<ItemId> items)
    {
        var snapshot = version.Snapshot;
        int[] rows = [.. items.Select(item => snapshot.Items.RowOf(item.Value)).Where(row => row >= 0)];
        if (rows.Length == 0)
            return null;
        var z = snapshot.Encoder.Encode(rows);
        return new EncodedHistory(items, rows, snapshot.Encoder.LogProbabilities(z, snapshot.Items.Seen), snapshot.Gate.Weights(z));
    }

    /// <summary>Computes the user's vectors for the head scorer.</summary>
    /// <param name="version">The version that encoded the history.</param>
    /// <param name="covered">The catalogue with the version's vectors.</param>
    /// <param name="hidden">The language model's last hidden state h [H].</param>
    public UserVector User(ServedVersion version, CoveredCatalogue covered, float[] hidden)
    {
        var snapshot = version.Snapshot;
        var nothing = new float[hidden.Length];
        var titles =
            Items.TakeLast(TitleSimilarity.Window).Select(covered.Catalogue.PlaceOf)
                .Select(place => place < 0 ? nothing : covered.Vectors[place].Direction).ToArray();
        var coOccurrence = snapshot.Neighbours.CoOccurrence(Rows, snapshot.Items.Seen);
        return new(hidden, LogEncoder, coOccurrence, TitleSimilarity.Query(titles, hidden.Length));
    }

    /// <summary>
    /// Builds the prompt of the most recent items. The id replaces a missing title, and the item token keeps its own embedding where an
    /// item has no encoder row.
    /// </summary>
    /// <param name="version">The version that encoded the history.</param>
    /// <param name="catalogue">The catalogue, for titles.</param>
    /// <param name="candidateTitles">The titles of the candidates in the prompt; null for a prompt without candidates.</param>
    public PromptRun Prompt(ServedVersion version, Catalogue catalogue, IReadOnlyList<string>? candidateTitles)
    {
        var shown = Items.TakeLast(HistoryPrompt.MaxItems).ToArray();
        var prompt =
            HistoryPrompt.Build(version.Session.Backbone.Tokenizer, [.. shown.Select(item => catalogue.TitleOf(item) ?? item.Value)],
                candidateTitles);
        var run = new PromptRun { Ids = prompt.Ids, RankScale = version.Snapshot.Shape.RankScale(Gate) };
        if (version.Snapshot.Prompt == PromptStyle.Text)
            return run;
        var known =
            shown.Select((item, i) => (Row: version.Snapshot.Items.RowOf(item.Value), Slot: prompt.ItemSlots[i]))
                .Where(entry => entry.Row >= 0).ToArray();
        return run with
        {
            Slots = [.. known.Select(entry => entry.Slot)],
            SlotEmbeddings = [.. known.SelectMany(entry => version.Projections.Of(entry.Row))],
        };
    }
}
