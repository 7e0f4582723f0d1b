using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>What stands between two fields of a line.</summary>
/// <param name="Text">The characters.</param>
/// <param name="Name">What people call them.</param>
internal sealed record Separator(string Text, string Name)
{
    public static Separator Comma { get; } = new(",", "commas");
    public static Separator Semicolon { get; } = new(";", "semicolons");
    public static Separator Tab { get; } = new("\t", "tabs");
    public static Separator Bar { get; } = new("|", "bars");
    public static Separator Colons { get; } = new("::", "double colons");

    public static IReadOnlyList<Separator> All { get; } = [Tab, Comma, Semicolon, Bar, Colons];

    public static string NameOf(string text) => All.Single(separator => separator.Text == text).Name;

    /// <summary>The one that a file's name suggests comes first.</summary>
    public static IEnumerable<Separator> For(string path)
    {
        var isCsv = Path.GetExtension(TextSource.Unpacked(path)).Equals(".csv", StringComparison.OrdinalIgnoreCase);
        return All.OrderByDescending(separator => isCsv && separator == Comma);
    }
}
