using ADRaffy.ENSNormalize;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// Normalises text to Unicode's NFC. .NET's own normalisation does nothing in the globalization-invariant mode, which this project uses.
/// </summary>
internal static class ComposedText
{
    // Text without a character from the combining marks on is in NFC already.
    private const char FirstMark = '\u0300';

    public static string Of(string text) => text.Any(character => character >= FirstMark) ? ENSNormalize.NF.NFC(text) : text;
}
