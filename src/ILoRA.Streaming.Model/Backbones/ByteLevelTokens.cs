using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>Byte-level BPE: text in pieces by a pattern, each piece merged up from its bytes.</summary>
/// <param name="Vocabulary">Ids by token, in the byte alphabet.</param>
/// <param name="Merges">"left right", most urgent first.</param>
/// <param name="Split">What a piece is.</param>
internal sealed record ByteLevelTokens(Dictionary<string, int> Vocabulary, IReadOnlyList<string> Merges, Regex Split)
{
    /// <summary>A piece that is a token as a whole is not merged together (<c>ignore_merges</c>, Llama 3).</summary>
    public bool WholePieces { get; init; }

    /// <summary>Text is composed (NFC) first.</summary>
    public bool Composed { get; init; }

    /// <summary>The ids of a text without special tokens.</summary>
    public Func<string, IReadOnlyList<int>> Encoder()
    {
        var tokenizer = BpeTokenizer.Create(new BpeOptions(Vocabulary) { Merges = Merges, ByteLevel = true, PreTokenizer = new RegexPreTokenizer(Split, null) });
        var encode = WholePieces ? text => ByPieces(tokenizer, text) : (Func<string, IReadOnlyList<int>>)(text => tokenizer.EncodeToIds(text));
        return Composed ? text => encode(ComposedText.Of(text)) : encode;
    }

    /// <summary>What each id stands for.</summary>
    public Dictionary<int, byte[]> Bytes() => Vocabulary.ToDictionary(pair => pair.Value, pair => ByteAlphabet.Bytes(pair.Key));

    private List<int> ByPieces(BpeTokenizer tokenizer, string text)
    {
        var ids = new List<int>();
        foreach (var piece in Split.EnumerateMatches(text))
        {
            var part = text.Substring(piece.Index, piece.Length);
            if (Vocabulary.TryGetValue(string.Concat(Encoding.UTF8.GetBytes(part).Select(value => ByteAlphabet.Symbols[value])), out var whole))
                ids.Add(whole);
            else
                ids.AddRange(tokenizer.EncodeToIds(part));
        }
        return ids;
    }
}
