using System.Globalization;
using System.Text;

namespace ILoRA.Streaming.Rollout;

/// <summary>GrowthBook's published hash, version 2: <c>fnv32a(str(fnv32a(seed + value))) mod 10000 / 10000</c>.</summary>
public static class GrowthBookHash
{
    public const int Buckets = 10_000;

    /// <returns>0 to 9999; GrowthBook's own value is this divided by 10000.</returns>
    public static int Bucket(string seed, string value)
    {
        var first = Fnv32a(Fnv32a(OffsetBasis, seed), value);
        Span<char> digits = stackalloc char[10];
        first.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        return (int)(Fnv32a(OffsetBasis, digits[..length]) % Buckets);
    }

    private const uint OffsetBasis = 0x811c9dc5;
    private const uint Prime = 0x01000193;

    // GrowthBook's SDKs hash the UTF-8 bytes of the text.
    private static uint Fnv32a(uint hash, ReadOnlySpan<char> text)
    {
        Span<byte> bytes = text.Length <= 256 ? stackalloc byte[text.Length * 3] : new byte[text.Length * 3];
        foreach (var one in bytes[..Encoding.UTF8.GetBytes(text, bytes)])
            hash = (hash ^ one) * Prime;
        return hash;
    }
}
