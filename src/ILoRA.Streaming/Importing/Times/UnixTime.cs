using System.Globalization;
using System.Text.RegularExpressions;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Importing.Times;

/// <summary>A number of units since 1970.</summary>
/// <param name="Unit">What the number counts.</param>
/// <param name="AnyMagnitude">Whether the user named the unit; else a number too small or too large for it is not written so.</param>
public sealed partial record UnixTime(UnixUnit Unit, bool AnyMagnitude = false) : TimeFormat($"Unix {Names[(int)Unit]}")
{
    /// <summary>1.700000000E+09 has all of its seconds; milliseconds and microseconds have three and six digits more.</summary>
    private const int DecimalsToSeconds = 9;

    private const NumberStyles Style = NumberStyles.Float;

    internal static IReadOnlyList<string> Names { get; } = ["seconds", "milliseconds", "microseconds"];

    /// <summary>
    /// Whether a spreadsheet wrote the first digits of a number only, fewer than tell one second from the next in any unit.
    /// </summary>
    public static bool IsCut(string text) =>
        Scientific().Match(text) is { Success: true } match && match.Groups["decimals"].Length < DecimalsToSeconds;

    private long TicksOfUnit => Unit.Ticks();

    public override bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number)
            || (!AnyMagnitude && UnixUnits.OfMagnitude(number) != Unit))
            return false;
        // One more multiplication could overflow a decimal: first the bound that no unit passes.
        if (Math.Abs(number) > long.MaxValue || number * TicksOfUnit is not (>= long.MinValue / 2 and <= long.MaxValue / 2))
            return false;
        var ticks = DateTimeOffset.UnixEpoch.Ticks + (long)Math.Round(number * TicksOfUnit);
        if (ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>With a sign, as spreadsheets write it; programs that write none write all digits.</summary>
    [GeneratedRegex(@"^[0-9](?:[.,](?<decimals>[0-9]+))?[eE]\+[0-9]+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Scientific();
}
