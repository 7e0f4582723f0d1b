using ADRaffy.ENSNormalize;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>Unicode's composed form (NFC). The runtime's own leaves text as it is where globalization is invariant, as it is here.</summary>
internal static class ComposedText
{
    // All text below the combining marks is composed already.
    private const char FirstMark = '\u0300';

    public static string Of(string text) => text.Any(character => character >= FirstMark) ? ENSNormalize.NF.NFC(text) : text;
}
