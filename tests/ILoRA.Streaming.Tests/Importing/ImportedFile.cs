using System.Text;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Lines;

namespace ILoRA.Streaming.Tests.Importing;

/// <summary>A file of one test.</summary>
public sealed class ImportedFile : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ilora-import").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public string Write(string name, string text, Encoding? encoding = null)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, (encoding ?? new UTF8Encoding(false)).GetBytes(text));
        return path;
    }

    public FileContents<ItemLine> Items(string name, string text, FileReading? reading = null)
        => ItemFile.Open(Write(name, text), reading ?? FileReading.Recognised);

    public FileContents<ClickLine> Clicks(string name, string text, FileReading? reading = null)
        => ClickFile.Open(Write(name, text), reading ?? FileReading.Recognised);

    /// <summary>The message by which items are refused.</summary>
    public string ItemsRefusal(string name, string text, FileReading? reading = null)
        => Assert.Throws<InvalidDataException>(() => Items(name, text, reading)).Message;

    /// <summary>The message by which clicks are refused.</summary>
    public string ClicksRefusal(string name, string text, FileReading? reading = null)
        => Assert.Throws<InvalidDataException>(() => Clicks(name, text, reading)).Message;

    /// <summary>As <c>id=title</c> each.</summary>
    public static string[] Titles(FileContents<ItemLine> items) => [.. items.Lines.Select(item => $"{item.Item}={item.Title}")];

    /// <summary>As <c>user item seconds</c> each, with the type where there is one.</summary>
    public static string[] Texts(FileContents<ClickLine> clicks)
        => [.. clicks.Lines.Select(
            click => $"{click.User} {click.Item} {click.Time.ToUnixTimeSeconds()}{(click.Type is { } type ? $" {type}" : "")}")];

    public static FileReading With(string columns) => new() { Columns = ColumnFlag.Parse(columns, out _) };
}
