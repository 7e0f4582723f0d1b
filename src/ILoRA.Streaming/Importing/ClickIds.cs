using System.IO.Hashing;
using System.Runtime.InteropServices;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing;

/// <summary>Finds ids that a file gives to different clicks, such as an order's: of these only the first would be counted.</summary>
internal sealed class ClickIds
{
    /// <summary>More are not looked at: an id of something else repeats long before.</summary>
    private const int MaxIds = 4_000_000;

    private readonly Dictionary<ulong, (ulong Click, long Line)> seen = [];

    /// <returns>Null, or why the row is bad, without file and line.</returns>
    public string? Problem(FileRecord record)
    {
        if (record[ColumnRole.Id] is not { } id)
            return null;
        var (key, click) = (Hash(id), Hash($"{record[ColumnRole.User]}\n{record[ColumnRole.Item]}\n{record[ColumnRole.Time]}"));
        if (!seen.TryGetValue(key, out var first))
        {
            if (seen.Count < MaxIds)
                seen.Add(key, (click, record.Line));
            return null;
        }
        return first.Click == click ? null : $"id '{id}' is also that of line {first.Line}; leave the column out by --columns id=-";
    }

    private static ulong Hash(string text) => XxHash64.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));
}
