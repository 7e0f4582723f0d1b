using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>Byte-level BPE: a pattern splits the text into pieces, and the bytes of each piece are merged into tokens.</summary>
/// <param name="Vocabulary">Ids by token; tokens are written in the <see cref="ByteAlphabet"/>.</param>
/// <param name="Merges">"left right", in order of priority.</param>
/// <param name="Split">Matches one piece.</param>
internal sealed record ByteLevelTokens(Dictionary<string, int> Vocabulary, IReadOnlyList<string> Merges, Regex Split)
{
    /// <summary>Whether a piece that is in the vocabulary becomes that token without merges (<c>ignore_merges</c>, Llama 3).</summary>
    public bool WholePieces { get; init; }

    /// <summary>Whether text is normalised to NFC first.</summary>
    public bool Composed { get; init; }

    /// <summary>A function that encodes text; special tokens are not parsed.</summary>
    public Func<string, IReadOnlyList<int>> Encoder()
    {
        var tokenizer =
            BpeTokenizer.Create(
                new BpeOptions(Vocabulary) { Merges = Merges, ByteLevel = true, PreTokenizer = new RegexPreTokenizer(Split, null) });
        var encode =
            WholePieces ? text => ByPieces(tokenizer, text) : (Func<string, IReadOnlyList<int>>)(text => tokenizer.EncodeToIds(text));
        return Composed ? text => encode(ComposedText.Of(text)) : encode;
    }

    /// <summary>The bytes of each token, by id.</summary>
    public Dictionary<int, byte[]> Bytes() => Vocabulary.ToDictionary(pair => pair.Value, pair => ByteAlphabet.Bytes(pair.Key));

    private List<int> ByPieces(BpeTokenizer tokenizer, string text)
    {
        var ids = new List<int>();
        foreach (var piece in Split.EnumerateMatches(text))
        {
            var part = text.Substring(piece.Index, piece.Length);
            if (Vocabulary.TryGetValue(string.Concat(Encoding.UTF8.GetBytes(part).Select(value => ByteAlphabet.Symbols[value])),
                out var whole))
                ids.Add(whole);
            else
                ids.AddRange(tokenizer.EncodeToIds(part));
        }
        return ids;
    }
}
