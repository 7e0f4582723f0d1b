using System.Globalization;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Training.Offline;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary>What <c>ilora fit all</c> ends with: the verdict as a table, what it means, and what to do next.</summary>
internal static class FittedText
{
    public static IRenderable Of(AllReport done) => new Rows([.. done.Verdict is { } verdict ? Verdict(verdict) : [], .. Next(done)]);

    private static IEnumerable<IRenderable> Verdict(OfflineVerdict verdict)
    {
        yield return new Text(Invariant($"Fitted on the {verdict.FittedOn:N0} clicks before {verdict.From:yyyy-MM-dd HH:mm}, then ranked ")
            + Invariant($"{verdict.Judged:N0} later clicks of {verdict.Users:N0} users ({verdict.IntervalMethod}):"));
        var table = Report.Table("line", "HR@10", "interval", "NDCG@10", "interval", "all against it");
        foreach (var line in verdict.Methods)
            table.AddRow(line.Name, Figure(line.Hr10), Interval(line.Hr10Interval), Figure(line.Ndcg10), Interval(line.Ndcg10Interval),
                verdict.Gains.TryGetValue(line.Name, out var gain) ? Markup.Escape(Gain(gain)) : "");
        yield return table;
        yield return new Text(Meaning(verdict));
    }

    private static string Meaning(OfflineVerdict verdict) => verdict switch
    {
        { IsBest: true } => "'all' is what is served: it hits more often than every other line.",
        { BeatsPopular: true } =>
            "'all' is what is served: it hits more often than what is popular, which is not shown against every other line.",
        { Gains: var gains } when gains.GetValueOrDefault(OfflineVerdict.Popular) is { Interval: [_, < 0] } =>
            "'all' is what would be served, and on these clicks it hits less often than what is popular: do not publish it. More "
                + "clicks, or titles that say more, would help.",
        _ => "'all' is what is served: on these clicks it is not shown to hit more often than what is popular. More clicks, or titles that "
            + "say more, would help; it goes on learning on the stream.",
    };

    private static IEnumerable<IRenderable> Next(AllReport done)
    {
        yield return new Text(Invariant($"{done.Folder}: fitted on {done.Clicks:N0} clicks, in {done.Seconds:0} s. Next:"));
        yield return new Text($"  ilora adapters publish {done.Adapter} --line online");
        yield return new Text($"  workers with ILORA__Inference__Backbone={done.Backbone} and ILORA__Trainer__Backbone={done.Backbone}");
    }

    private static string Figure(double value) => Invariant($"{value:0.000}");

    private static string Interval(double[] ends) => Invariant($"{ends[0]:0.000} to {ends[1]:0.000}");

    private static string Gain(OfflineGain gain) => gain is { Relative: { } relative, Interval: [{ } low, { } high] }
        ? Invariant($"{100 * relative:+0.0;-0.0} % [{100 * low:+0.0;-0.0}, {100 * high:+0.0;-0.0}]")
        : "-";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
