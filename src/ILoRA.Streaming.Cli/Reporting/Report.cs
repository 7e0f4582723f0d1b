using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ILoRA.Streaming.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ILoRA.Streaming.Cli.Reporting;

/// <summary>
/// A command's result: with <c>--json</c> one document on standard output and nothing else there, else something to read.
/// </summary>
internal sealed class Report(ParseResult parsed)
{
    public static Option<bool> JsonOption { get; } =
        new("--json") { Description = "Print one JSON document instead of text", Arity = ArgumentArity.Zero };

    private static readonly JsonSerializerOptions Indented = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new TimeConverter() },
    };

    private static readonly JsonSerializerOptions Line = new(Indented) { WriteIndented = false };

    private readonly TextWriter output = parsed.InvocationConfiguration.Output;

    public bool Json => parsed.GetValue(JsonOption);

    public void Write<T>(T document, Func<T, IRenderable> text)
    {
        if (Json)
        {
            output.WriteLine(JsonSerializer.Serialize(document, Indented));
            return;
        }
        var console = Terminal.On(output);
        var shown = text(document);
        console.Write(shown);
        if (shown is not Spectre.Console.Table)
            console.WriteLine();
    }

    /// <summary>One document on one line, for benches and for streams of results.</summary>
    public void WriteLine<T>(T document) => output.WriteLine(JsonSerializer.Serialize(document, Line));

    public static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        return table;
    }
}
