namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>Truth values as files write them.</summary>
internal static class YesOrNo
{
    /// <summary>Null where it is neither.</summary>
    public static bool? Of(string text) => text.Trim().ToUpperInvariant() switch
    {
        "TRUE" or "1" or "YES" or "Y" => true,
        "FALSE" or "0" or "NO" or "N" => false,
        _ => null,
    };
}
