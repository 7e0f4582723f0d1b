using System.ComponentModel.DataAnnotations;

namespace ILoRA.Streaming.Configuration;

/// <summary>The durations that a setting may have, both ends among them, e.g. "00:00:00.001" and "1.00:00:00" for a day.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationRangeAttribute : RangeAttribute
{
    public DurationRangeAttribute(string least, string most)
        : base(typeof(TimeSpan), least, most)
    {
        (Least, Most) = (least, most);
        ParseLimitsInInvariantCulture = ConvertValueInInvariantCulture = true;
        ErrorMessage = "{0} must be from {1} to {2}.";
    }

    public string Least { get; }

    public string Most { get; }
}
