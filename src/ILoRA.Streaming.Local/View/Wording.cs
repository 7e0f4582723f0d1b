using System.Globalization;
using ILoRA.Streaming.Outcomes;

namespace ILoRA.Streaming.Local.View;

/// <summary>How figures are written for people.</summary>
internal static class Wording
{
    public static string Milliseconds(Spread spread) => spread is { P50: { } p50, P99: { } p99 }
        ? string.Create(CultureInfo.InvariantCulture, $"p50 {p50.TotalMilliseconds:F1} ms, p99 {p99.TotalMilliseconds:F1} ms")
        : "-";

    public static string Seconds(Spread spread) => spread is { P50: { } p50, P99: { } p99 }
        ? string.Create(CultureInfo.InvariantCulture, $"p50 {p50.TotalSeconds:F1} s, p99 {p99.TotalSeconds:F1} s")
        : "-";

    public static string Seconds(TimeSpan? time) =>
        time is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalSeconds:F1} s") : "-";

    public static string Rate(HitRate rate) => string.Create(CultureInfo.InvariantCulture, $"{rate.Rate:F3}");

    public static string Interval(HitRate rate) => double.IsNaN(rate.Low)
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{rate.Low:F3} to {rate.High:F3}");

    public static string Gain(HitRate gain) => double.IsFinite(gain.Rate) && double.IsFinite(gain.Low)
        ? string.Create(CultureInfo.InvariantCulture,
            $"{100 * gain.Rate:+0.0;-0.0} % [{100 * gain.Low:+0.0;-0.0}, {100 * gain.High:+0.0;-0.0}]")
        : "-";

    public static string Number(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:N0}");

    public static string PerSecond(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:F0}/s");

    public static string Clock(TimeSpan elapsed) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)elapsed.TotalMinutes:00}:{elapsed.Seconds:00}");

    /// <summary>Titles of Online Retail are all capitals; a list of them is easier to read in small letters.</summary>
    public static string Titles(IEnumerable<string> titles) => string.Join(" | ", titles.Select(title => title.ToLowerInvariant()));
}
