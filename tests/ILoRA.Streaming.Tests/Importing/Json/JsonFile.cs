using ILoRA.Streaming.Importing.Json;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Tests.Importing.Json;

/// <summary>A JSON file of one test.</summary>
public sealed class JsonFile : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ilora-json").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    internal JsonRecords Open(string text, FileKind kind = FileKind.Clicks, FileFormat? format = null, string? columns = null)
    {
        var path = Path.Combine(folder, "export.jsonl");
        File.WriteAllText(path, text);
        var given = columns is null ? null : ColumnFlag.Parse(columns, out _);
        return JsonRecords.Open(FileExtent.Of(path), kind, new FileReading { Format = format, Columns = given });
    }

    internal static string Click(FileRecord record)
    {
        ColumnRole[] shown = [ColumnRole.User, ColumnRole.Item, ColumnRole.Time, ColumnRole.Type, ColumnRole.Session];
        return record.Problem ?? record.LeftOut ?? string.Join(' ', shown.Select(role => record[role] ?? "-"));
    }

    internal static string Item(FileRecord record)
    {
        var attributes = record.Attributes ?? new Dictionary<string, string>();
        var shown = string.Concat(attributes.Select(pair => $" {pair.Key}:{pair.Value}"));
        return record.Problem ?? record.LeftOut ?? $"{record[ColumnRole.Item]}={record[ColumnRole.Title]}{shown}";
    }
}
