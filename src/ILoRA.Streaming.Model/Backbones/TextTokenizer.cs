using System.Text;
using System.Text.RegularExpressions;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// A BPE tokenizer from a <c>tokenizer.json</c> (byte-level) or a <c>tokenizer.model</c> (SentencePiece). Encoding adds no begin or end
/// token.
/// </summary>
public sealed class TextTokenizer
{
    /// <summary>The item token: in a hybrid prompt its embedding is replaced by an item's projected row.</summary>
    public const string ItemText = "<|item|>";

    private readonly Func<string, IReadOnlyList<int>> encode;
    private readonly Dictionary<string, int> specials;
    private readonly string[] specialTexts;
    private readonly Dictionary<int, byte[]> bytes;

    /// <param name="encode">Encodes well-formed text without parsing special tokens.</param>
    /// <param name="specials">Ids of special tokens by their text.</param>
    /// <param name="bytes">The bytes of each other token by id. The constructor keeps the dictionary and adds the special tokens.</param>
    /// <param name="content">The file that the tokenizer was read from.</param>
    internal TextTokenizer(Func<string, IReadOnlyList<int>> encode, Dictionary<string, int> specials, Dictionary<int, byte[]> bytes,
        TokenizerContent content)
    {
        this.encode = encode;
        this.specials = specials;
        this.bytes = bytes;
        Content = content;
        // Where two special tokens match at the same position, the longer one is taken.
        specialTexts = [.. specials.Keys.OrderByDescending(text => text.Length)];
        foreach (var (text, id) in specials)
            bytes[id] = Encoding.UTF8.GetBytes(text);
        Vocabulary = bytes.Keys.Max() + 1;
        EndOfText = EndOf(specials);
        ItemToken = specials.TryGetValue(ItemText, out var item) ? item : EndOfText;
    }

    /// <summary>One more than the largest token id.</summary>
    public int Vocabulary { get; }

    /// <summary>The id of the end-of-text token.</summary>
    public int EndOfText { get; }

    /// <summary>
    /// The id of the <c>&lt;|item|&gt;</c> token; the end-of-text token where the vocabulary has none, since its embedding is replaced
    /// anyway.
    /// </summary>
    public int ItemToken { get; }

    internal TokenizerContent Content { get; }

    /// <summary>Whether encoding puts a space before a text and decoding removes it.</summary>
    internal bool SpaceFirst { get; init; }

    /// <summary>Loads the tokenizer of a backbone folder.</summary>
    /// <param name="folder">A folder that holds tokenizer.json or tokenizer.model.</param>
    /// <exception cref="InvalidDataException">The file is missing, broken or of an unsupported kind.</exception>
    public static TextTokenizer Load(string folder)
    {
        var content = TokenizerContent.Of(folder);
        return content.Read(Path.Combine(folder, content.Name));
    }

    /// <summary>Encodes text and parses special tokens in it. Not for text from outside, such as titles.</summary>
    public int[] Encode(string text)
    {
        var ids = new List<int>();
        var start = 0;
        while (NextSpecial(text, start) is { } found)
        {
            ids.AddRange(EncodePlain(text[start..found.At]));
            ids.Add(specials[found.Text]);
            start = found.At + found.Text.Length;
        }
        ids.AddRange(EncodePlain(text[start..]));
        return [.. ids];
    }

    /// <summary>Encodes text without parsing special tokens: the characters <c>&lt;|item|&gt;</c> in a title stay plain text.</summary>
    public int[] EncodePlain(string text)
    {
        if (text.Length == 0)
            return [];
        try
        {
            return [.. encode(WellFormed(text))];
        }
        catch (RegexMatchTimeoutException timeout)
        {
            throw new InvalidDataException(
                $"The tokenizer's pattern timed out on a text of {text.Length} characters; correct it in tokenizer.json.", timeout);
        }
    }

    /// <summary>Decodes tokens; invalid UTF-8 becomes U+FFFD, unknown ids are skipped.</summary>
    public string Decode(IReadOnlyList<int> ids)
    {
        using var text = new MemoryStream();
        foreach (var id in ids)
            if (bytes.TryGetValue(id, out var piece))
                text.Write(piece);
        var all = text.GetBuffer().AsSpan(0, (int)text.Length);
        return Encoding.UTF8.GetString(SpaceFirst && all.StartsWith(" "u8) ? all[1..] : all);
    }

    private (int At, string Text)? NextSpecial(string text, int start)
    {
        (int At, string Text)? first = null;
        foreach (var special in specialTexts)
        {
            var at = text.IndexOf(special, start, StringComparison.Ordinal);
            if (at >= 0 && (first is null || at < first.Value.At))
                first = (at, special);
        }
        return first;
    }

    // A lone surrogate has no UTF-8 encoding; it becomes U+FFFD, as in every UTF-8 encoder.
    private static string WellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsSurrogate(text[i]))
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return text;
    }

    private static int EndOf(Dictionary<string, int> specials)
    {
        foreach (var name in (string[])["<|endoftext|>", "<|im_end|>", "<|end_of_text|>", "</s>"])
            if (specials.TryGetValue(name, out var id))
                return id;
        return specials.Count > 0 ? specials.Values.Min() : 0;
    }
}
