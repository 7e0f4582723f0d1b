using System.Text;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// GPT-2's mapping of bytes to printable characters: printable Latin-1 maps to itself, the other bytes to U+0100 and above.
/// </summary>
internal static class ByteAlphabet
{
    /// <summary>The character of each byte, by byte value.</summary>
    public static IReadOnlyList<string> Symbols { get; } = Build();

    private static readonly Dictionary<char, byte> Values =
        Symbols.Select((symbol, value) => (symbol, value)).ToDictionary(pair => pair.symbol[0], pair => (byte)pair.value);

    /// <summary>The bytes of a token; of a token with characters outside the alphabet, its text in UTF-8.</summary>
    public static byte[] Bytes(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
            if (!Values.TryGetValue(token[i], out bytes[i]))
                return Encoding.UTF8.GetBytes(token);
        return bytes;
    }

    private static string[] Build()
    {
        var symbols = new string[256];
        var moved = 0;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is >= 33 and <= 126 or >= 161 and <= 172 or >= 174 and <= 255;
            symbols[value] = ((char)(printable ? value : 256 + moved++)).ToString();
        }
        return symbols;
    }
}
