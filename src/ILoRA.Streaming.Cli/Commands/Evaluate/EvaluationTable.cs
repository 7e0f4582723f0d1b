using System.Globalization;
using ILoRA.Streaming.Cli.Reporting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ILoRA.Streaming.Cli.Commands.Evaluate;

/// <summary>The report as tables: lines without a language model first, so that nobody mistakes one kind for the other.</summary>
internal static class EvaluationTable
{
    public static IRenderable Of(EvaluationReport report)
    {
        var parts = new List<IRenderable> { Lines(report) };
        if (report.Paired is { Count: > 0 } pairs)
            parts.Add(Pairs(pairs));
        foreach (var answers in report.Generated ?? [])
            parts.Add(
                new Text(
                    $"{answers.Name} in words: {answers.Valid} of {answers.Total} answers name one candidate, {answers.Right} the right "
                        + $"one; valid {Number(answers.ValidRatio, "0.0000")}, HR@1 of the valid {Number(answers.Hr1OfValid, ".0000")}\n"));
        foreach (var (name, weights) in report.Weights)
            parts.Add(new Text($"{name}: {string.Join(", ", weights.Select(weight => $"{weight.Key} {Number(weight.Value, "0.00")}"))}\n"));
        return new Rows(parts);
    }

    public static IRenderable Of(PoolReport report)
    {
        var table =
            Report.Table("a", "b", "a, HR@1", "b, HR@1", "a - b", "95 %, paired")
                .Title($"{report.Rows} rows x {report.Draws} draws, pooled");
        table.AddRow(Markup.Escape(report.A), Markup.Escape(report.B), Number(report.Hr1A, ".0000"), Number(report.Hr1B, ".0000"),
            Number(report.Difference, "+.0000;-.0000"), Interval(report.Interval, "+.000;-.000"));
        return table;
    }

    private static Table Lines(EvaluationReport report)
    {
        var table =
            Report.Table("line", "language model", "HR@1", "95 %", "right / total", "NDCG@5", "MRR", "loss", "seconds")
                .Title($"{report.Rows} rows x {report.Draws} draws");
        foreach (var line in report.Methods.OrderBy(line => line.LanguageModel))
            table.AddRow(
                Markup.Escape(line.Name), line.LanguageModel ? "yes" : "", Number(line.Hr1, ".0000"), Interval(line.Hr1Interval, ".000"),
                $"{line.Right} / {line.Total}", Number(line.Ndcg5, ".0000"), Number(line.Mrr, ".0000"),
                line.Loss is { } loss ? Number(loss, "0.000") : "", Number(line.Seconds, "0.0"));
        return table;
    }

    private static Table Pairs(IReadOnlyList<PairReport> pairs)
    {
        var table = Report.Table("a", "b", "a - b, HR@1", "95 %, paired", "a - b, loss", "95 %, paired");
        foreach (var pair in pairs)
            table.AddRow(
                Markup.Escape(pair.A), Markup.Escape(pair.B), Number(pair.Difference, "+.0000;-.0000"),
                Interval(pair.Interval, "+.000;-.000"),
                pair.LossDifference is { } loss ? Number(loss, "+.000;-.000") : "",
                pair.LossInterval is { } interval ? Interval(interval, "+.000;-.000") : "");
        return table;
    }

    private static string Interval(double[] interval, string format) => $"{Number(interval[0], format)} to {Number(interval[1], format)}";

    // A negative number that rounds to zero would come out as -+.000.
    private static string Number(double value, string format) =>
        value.ToString(format, CultureInfo.InvariantCulture) is var text && text.StartsWith("-+", StringComparison.Ordinal)
            ? text[1..] : text;
}
