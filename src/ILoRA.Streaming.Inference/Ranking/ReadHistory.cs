using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>A user's history as one version reads it, before the language model does.</summary>
/// <param name="Items">All of it, oldest first.</param>
/// <param name="Rows">Encoder rows of the items that the version knows, oldest first.</param>
/// <param name="LogEncoder">[N]: the encoder's log-probability of each of its items to come next.</param>
/// <param name="Gate">[K]</param>
internal sealed record ReadHistory(IReadOnlyList<ItemId> Items, int[] Rows, float[] LogEncoder, float[] Gate)
{
    /// <returns>Null where the encoder knows none of the items: there is no sequence vector and so no gate.</returns>
    public static ReadHistory? Of(ServedVersion version, IReadOnlyList<ItemId> items)
    {
        var snapshot = version.Snapshot;
        int[] rows = [.. items.Select(item => snapshot.Items.RowOf(item.Value)).Where(row => row >= 0)];
        if (rows.Length == 0)
            return null;
        var z = snapshot.Encoder.Encode(rows);
        return new ReadHistory(items, rows, snapshot.Encoder.LogProbabilities(z, snapshot.Items.Seen), snapshot.Gate.Weights(z));
    }

    /// <param name="version">Whose neighbours and titles are asked.</param>
    /// <param name="covered">The catalogue with the version's vectors.</param>
    /// <param name="hidden">h [H]</param>
    public UserVector User(ServedVersion version, CoveredCatalogue covered, float[] hidden)
    {
        var snapshot = version.Snapshot;
        var nothing = new float[hidden.Length];
        var titles = Items.TakeLast(TitleSimilarity.Window).Select(covered.Catalogue.PlaceOf).Select(place => place < 0 ? nothing : covered.Vectors[place].Direction).ToArray();
        return new(hidden, LogEncoder, snapshot.Neighbours.CoOccurrence(Rows, snapshot.Items.Seen), TitleSimilarity.Query(titles, hidden.Length));
    }

    /// <summary>The prompt of the newest items. An item without a title stands as its id, one without an encoder row keeps the placeholder token.</summary>
    /// <param name="version">Whose tokenizer, projector and gate shape the prompt.</param>
    /// <param name="catalogue">Gives the titles.</param>
    /// <param name="candidateTitles">Named in the prompt; null where the whole catalogue is ranked.</param>
    public PromptRun Prompt(ServedVersion version, Catalogue catalogue, IReadOnlyList<string>? candidateTitles)
    {
        var shown = Items.TakeLast(HistoryPrompt.MaxItems).ToArray();
        var prompt = HistoryPrompt.Build(version.Session.Backbone.Tokenizer, [.. shown.Select(item => catalogue.TitleOf(item) ?? item.Value)], candidateTitles);
        var run = new PromptRun { Ids = prompt.Ids, RankScale = version.Snapshot.Shape.RankScale(Gate) };
        if (version.Snapshot.Prompt == PromptStyle.Text)
            return run;
        var known = shown.Select((item, i) => (Row: version.Snapshot.Items.RowOf(item.Value), Slot: prompt.ItemSlots[i])).Where(entry => entry.Row >= 0).ToArray();
        return run with
        {
            Slots = [.. known.Select(entry => entry.Slot)],
            SlotEmbeddings = [.. known.SelectMany(entry => version.Projections.Of(entry.Row))],
        };
    }
}
