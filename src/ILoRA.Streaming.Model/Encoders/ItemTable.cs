namespace ILoRA.Streaming.Model.Encoders;

/// <summary>
/// The items that an encoder has rows for, with their click counts. Row i of the encoder's tables belongs to <c>Ids[i]</c>. Rows are only
/// appended, so a row number stays valid in every later version of an adapter line.
/// </summary>
/// <param name="Ids">Item ids by row.</param>
/// <param name="Seen">The number of training clicks of each item, by row.</param>
/// <param name="Recent">Exponentially decayed click counts as of the snapshot, by row: the recent popularity in the fused score.</param>
public sealed record ItemTable(IReadOnlyList<string> Ids, float[] Seen, float[] Recent)
{
    private readonly Lazy<Dictionary<string, int>> rows =
        new(() => Ids.Select((id, row) => (id, row)).ToDictionary(pair => pair.id, pair => pair.row, StringComparer.Ordinal));

    /// <summary>The row of an item.</summary>
    /// <returns>The row, or -1 where the encoder has none for it.</returns>
    public int RowOf(string item) => rows.Value.TryGetValue(item, out var row) ? row : -1;
}
