using System.Globalization;

namespace ILoRA.Streaming.Importing;

/// <summary>Times as people's files hold them.</summary>
public static class FileTime
{
    /// <summary>Seconds of the year 5138, milliseconds of 1973: larger numbers are milliseconds.</summary>
    private const double LargestSeconds = 1e11;

    /// <summary>Unix seconds, Unix milliseconds or RFC 3339; a time without an offset is UTC.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
        var milliseconds = number > LargestSeconds ? number : number * 1000;
        if (!(milliseconds >= 0 && milliseconds <= LargestSeconds * 1000))
            return false;
        time = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(milliseconds));
        return true;
    }
}
