namespace ILoRA.Streaming.Model.Encoders;

/// <summary>
/// The items that an encoder has rows for and what it has seen of them. Row i of the encoder's tables belongs to <c>Ids[i]</c>; rows are
/// only ever appended, so a row number stays valid in every later version of a line.
/// </summary>
/// <param name="Ids">Item ids by row.</param>
/// <param name="Seen">How often each item was trained on.</param>
/// <param name="Recent">Exponentially decayed click counts as of the snapshot: the recent popularity that the fused score reads.</param>
public sealed record ItemTable(IReadOnlyList<string> Ids, float[] Seen, float[] Recent)
{
    private readonly Lazy<Dictionary<string, int>> rows = new(() => Ids.Select((id, row) => (id, row)).ToDictionary(pair => pair.id, pair => pair.row, StringComparer.Ordinal));

    /// <returns>The item's row, or -1 where the encoder does not know it.</returns>
    public int RowOf(string item) => rows.Value.TryGetValue(item, out var row) ? row : -1;
}
