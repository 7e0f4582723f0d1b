using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ILoRA.Streaming.Configuration;

/// <summary>Settings that are durations. .NET reads a bare number as days, where seconds are meant.</summary>
internal static class Durations
{
    /// <exception cref="InvalidDataException">A duration of the section is a bare number.</exception>
    public static void RequireUnits(IConfigurationSection section, Type options)
    {
        foreach (var property in options.GetProperties())
        {
            var isDuration = property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(TimeSpan?);
            if (isDuration && section[property.Name] is { } value && long.TryParse(value, CultureInfo.InvariantCulture, out _))
                throw new InvalidDataException(
                    $"{section.Path}:{property.Name} '{value}' has no unit; give hours, minutes and seconds, e.g. 00:00:05 for five "
                        + "seconds.");
        }
    }
}
