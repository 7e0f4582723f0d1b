using System.Globalization;
using ILoRA.Streaming.Cli.Commands.Fit;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Training.Evaluation;
using ILoRA.Streaming.Training.Tuning;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ILoRA.Streaming.Cli.Commands.Tune;

/// <summary>Every fit, the choice and the reason for it.</summary>
internal sealed record TuneReport(IReadOnlyList<TuneReport.Trial> Trials, TuneReport.Setting Choice, string Why, int Rows, double Seconds)
{
    public static TuneReport Of(IReadOnlyList<TuningTrial<TuneSetting>> trials, TuneBudget budget, TuningChoice<TuneSetting> choice,
        Bootstrap bootstrap, TimeSpan elapsed) => new(
        [.. trials.Select(trial => Trial.Of(trial, budget.Part(trial.Share), bootstrap.Mean(trial.Result.Hr1ByRow())))],
        new(choice.Chosen.Setting.Experts, choice.Chosen.Setting.Rank, choice.Chosen.Setting.Rate,
            GateNames.Of(choice.Chosen.Setting.Gate)), Reason(choice), choice.Chosen.Result.Ranks.Length,
                Math.Round(elapsed.TotalSeconds, 1));

    public static IRenderable Table(TuneReport report)
    {
        // K = 1 says by itself that it is uniform.
        var gates = report.Trials.Where(trial => trial.Experts > 1).Select(trial => trial.Gate).Distinct().Count() > 1;
        var table =
            Report.Table(
                ["round", "experts", "rank", "rate", .. Only(gates, "gate"), report.Trials[0].Steps is null ? "minutes" : "steps", "loss",
                    "HR@1", "95 %", ""]).Title($"{report.Rows} held-out rows");
        foreach (var trial in report.Trials)
            table.AddRow([
                $"{trial.Round}", $"{trial.Experts}", $"{trial.Rank}", Number(trial.Rate, "0.#####"), .. Only(gates, trial.Gate),
                trial.Steps is { } steps ? $"{steps}" : Number(trial.Minutes ?? 0, "0.0"), Number(trial.Loss, "0.000"),
                Number(trial.Hr1, ".000"), $"{Number(trial.Hr1Interval[0], ".000")} to {Number(trial.Hr1Interval[1], ".000")}",
                trial.Kept ? "kept" : ""]);
        return new Rows(table,
            new Text(
                $"Choice: --experts {report.Choice.Experts} --rank {report.Choice.Rank} --gate {report.Choice.Gate}, "
                    + $"rate {Number(report.Choice.Rate, "0.#####")}. {report.Why}"));
    }

    private static string Reason(TuningChoice<TuneSetting> choice)
    {
        if (choice.Other is not { } other)
            return "It was the only setting.";
        var interval =
            string.Create(CultureInfo.InvariantCulture,
                $"95 % {choice.Interval.Low:+0.000;-0.000} to {choice.Interval.High:+0.000;-0.000}");
        return choice.Interval.Low > 0 ? $"Its loss is lower than that of {other.Setting} (by {interval})."
            : choice.Chosen.Result.Loss > other.Result.Loss
                ? $"Its loss cannot be told from that of {other.Setting} ({interval}), and it is the cheaper one."
            : $"Its loss is the lowest, though it cannot be told from that of {other.Setting} ({interval}), which is no cheaper.";
    }

    private static string[] Only(bool shown, string cell) => shown ? [cell] : [];

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    internal sealed record Trial(int Round, int Experts, int Rank, double Rate, string Gate, double? Minutes, int? Steps, double Loss,
        double Hr1, double[] Hr1Interval, bool Kept)
    {
        public static Trial Of(TuningTrial<TuneSetting> trial, TuneBudget had, Interval interval) => new(
            trial.Round, trial.Setting.Experts, trial.Setting.Rank, trial.Setting.Rate, GateNames.Of(trial.Setting.Gate),
            had.Steps is null ? Math.Round(had.Time.TotalMinutes, 2) : null, had.Steps, Math.Round(trial.Result.Loss, 4),
            Math.Round(trial.Result.Hr1, 4),
            [Math.Round(interval.Low, 4), Math.Round(interval.High, 4)], trial.Kept);
    }

    internal sealed record Setting(int Experts, int Rank, double Rate, string Gate);
}
