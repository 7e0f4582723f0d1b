using Microsoft.ML.Tokenizers;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>Byte-level byte-pair encoding as a <c>tokenizer.json</c> defines it. Adds no special token; a special token's own text is parsed as that token.</summary>
public sealed class TextTokenizer
{
    /// <summary>The token that stands for an item's projected row in a hybrid prompt.</summary>
    public const string ItemText = "<|item|>";

    private readonly BpeTokenizer tokenizer;

    internal TextTokenizer(BpeTokenizer tokenizer, IReadOnlyDictionary<string, int> specials, int vocabulary)
    {
        this.tokenizer = tokenizer;
        Vocabulary = vocabulary;
        EndOfText = EndOf(specials);
        ItemToken = specials.TryGetValue(ItemText, out var item) ? item : EndOfText;
    }

    /// <summary>One more than the largest token id.</summary>
    public int Vocabulary { get; }

    public int EndOfText { get; }

    /// <summary>The <c>&lt;|item|&gt;</c> token, or the end-of-text token where the vocabulary has none: its embedding is replaced anyway.</summary>
    public int ItemToken { get; }

    /// <param name="folder">A folder that holds tokenizer.json.</param>
    /// <exception cref="InvalidDataException">The file is missing, broken or of an unsupported kind.</exception>
    public static TextTokenizer Load(string folder) => TokenizerFile.Read(Path.Combine(folder, "tokenizer.json"));

    public int[] Encode(string text) => [.. tokenizer.EncodeToIds(text)];

    public string Decode(IReadOnlyList<int> ids) => tokenizer.Decode(ids) ?? "";

    private static int EndOf(IReadOnlyDictionary<string, int> specials)
    {
        foreach (var name in (string[])["<|endoftext|>", "<|im_end|>", "<|end_of_text|>", "</s>"])
            if (specials.TryGetValue(name, out var id))
                return id;
        return specials.Count > 0 ? specials.Values.Min() : 0;
    }
}
