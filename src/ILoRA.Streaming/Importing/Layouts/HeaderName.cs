namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>Names of columns as people vary them: capitals, blanks and punctuation make no difference, nor do RecBole's types.</summary>
internal static class HeaderName
{
    private static readonly string[] RecBoleTypes = [":token", ":token_seq", ":float", ":float_seq"];

    /// <summary>Lower-case letters and digits alone.</summary>
    public static string Plain(string name)
        => new([.. WithoutType(name.Trim()).Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    /// <summary>Whether the name ends in a type of RecBole's atomic files.</summary>
    public static bool IsTyped(string name) => Array.Exists(RecBoleTypes, type => name.Trim().EndsWith(type, StringComparison.Ordinal));

    private static string WithoutType(string name) => IsTyped(name) ? name[..name.LastIndexOf(':')] : name;
}
