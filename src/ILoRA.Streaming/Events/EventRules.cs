using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Events;

/// <summary>The rules of which events' own checks are made.</summary>
internal static class EventRules
{
    // Lengths in code points, as JSON Schema counts them.
    public const int Name = 256;
    public const int Title = 4096;

    public static void Require(bool holds, string field, string rule)
    {
        if (!holds)
            throw new PoisonException($"$.{field}: {rule}");
    }

    public static void Text(string? text, string field, int limit)
    {
        if (text is null)
            throw new PoisonException($"$.{field}: is a string, not null");
        // Only a text of more UTF-16 units than the limit needs counting.
        var length = text.Length <= limit ? text.Length : text.EnumerateRunes().Count();
        if (length < 1 || length > limit)
            throw new PoisonException($"$.{field}: has 1 to {limit} characters, got {length}");
    }

    public static void Optional(string? text, string field, int limit)
    {
        if (text is not null)
            Text(text, field, limit);
    }

    /// <summary>Serialisers leave nulls in collections.</summary>
    public static void NoNull<T>(IEnumerable<T?> values, string field)
        where T : class
    {
        foreach (var value in values)
            Require(value is not null, field, "holds no null");
    }
}
