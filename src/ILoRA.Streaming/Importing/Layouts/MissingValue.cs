namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>What databases, data frames and scripts write in place of a value that they do not have.</summary>
internal static class MissingValue
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "null", "(null)", "<null>", "nan", "none", "undefined", "n/a", "#n/a", "<na>", @"\N", "nil", "(not set)", "(none)",
    };

    public static bool Is(string text) => Words.Contains(text);
}
