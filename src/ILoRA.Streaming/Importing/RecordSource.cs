using System.Text;
using System.Text.RegularExpressions;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Importing.Delimited;
using ILoRA.Streaming.Importing.Json;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Text;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Importing;

/// <summary>Opens a file of items or clicks, whatever its form.</summary>
internal static partial class RecordSource
{
    private const int MaxIdBytes = IdConverter<ItemId>.MaxBytes;

    /// <summary>Formats whose files may hold JSON; by its name or its first character such a file does.</summary>
    private static readonly FileFormat?[] MayBeJson = [null, FileFormat.Ga4, FileFormat.Amazon];

    /// <exception cref="InvalidDataException">It cannot be understood for certain.</exception>
    public static IRecordSource Of(FileExtent file, FileKind kind, FileReading reading)
    {
        if (reading.Format != FileFormat.Jsonl && !(MayBeJson.Contains(reading.Format) && LooksLikeJson(file)))
            return Recognition.Of(file, kind, reading);
        var encoding = FileEncoding.Of(file, reading.Encoding, stop: reading.Stop);
        return JsonRecords.Open(file, kind, reading, encoding);
    }

    /// <summary>An id as the events take it: null, or why it is none.</summary>
    public static string? Problem(string? id, string name) => id switch
    {
        null => $"{name} is empty",
        _ when MissingValue.Is(id) => $"{name} is '{id}', which stands for a missing value",
        _ when CutNumber().IsMatch(id) => $"{name} is '{id}', a number that a spreadsheet cut short; write the column as text there",
        _ when Encoding.UTF8.GetByteCount(id) > MaxIdBytes => $"{name} has more than {MaxIdBytes} bytes",
        _ => null,
    };

    [GeneratedRegex(@"^[0-9]([.,][0-9]+)?[eE]\+[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex CutNumber();

    private static bool LooksLikeJson(FileExtent file)
    {
        var name = TextSource.Unpacked(file.Path);
        if (FileFormats.OfName(name) == FileFormat.Jsonl || name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return true;
        using var text = TextSource.Open(file);
        int first;
        do
            first = text.Read();
        while (first >= 0 && char.IsWhiteSpace((char)first));
        return first is '{' or '[';
    }
}
