using System.Text;
using System.Text.RegularExpressions;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>Byte-pair encoding as a <c>tokenizer.json</c> (byte-level) or a <c>tokenizer.model</c> (SentencePiece) defines it. Adds no special token of its own.</summary>
public sealed class TextTokenizer
{
    /// <summary>The token that stands for an item's projected row in a hybrid prompt.</summary>
    public const string ItemText = "<|item|>";

    private readonly Func<string, IReadOnlyList<int>> encode;
    private readonly Dictionary<string, int> specials;
    private readonly string[] specialTexts;
    private readonly Dictionary<int, byte[]> bytes;

    /// <param name="encode">The ids of a well-formed text without special tokens.</param>
    /// <param name="specials">Ids of special tokens by their text.</param>
    /// <param name="bytes">What each other id stands for; kept and completed.</param>
    /// <param name="content">The file that says so.</param>
    internal TextTokenizer(Func<string, IReadOnlyList<int>> encode, Dictionary<string, int> specials, Dictionary<int, byte[]> bytes, TokenizerContent content)
    {
        this.encode = encode;
        this.specials = specials;
        this.bytes = bytes;
        Content = content;
        // Where two start at one place the longer wins.
        specialTexts = [.. specials.Keys.OrderByDescending(text => text.Length)];
        foreach (var (text, id) in specials)
            bytes[id] = Encoding.UTF8.GetBytes(text);
        Vocabulary = bytes.Keys.Max() + 1;
        EndOfText = EndOf(specials);
        ItemToken = specials.TryGetValue(ItemText, out var item) ? item : EndOfText;
    }

    /// <summary>One more than the largest token id.</summary>
    public int Vocabulary { get; }

    public int EndOfText { get; }

    /// <summary>The <c>&lt;|item|&gt;</c> token, or the end-of-text token where the vocabulary has none: its embedding is replaced anyway.</summary>
    public int ItemToken { get; }

    internal TokenizerContent Content { get; }

    /// <summary>Encoding puts a space before a text, and decoding takes it away.</summary>
    internal bool SpaceFirst { get; init; }

    /// <param name="folder">A folder that holds tokenizer.json or tokenizer.model.</param>
    /// <exception cref="InvalidDataException">The file is missing, broken or of an unsupported kind.</exception>
    public static TextTokenizer Load(string folder)
    {
        var content = TokenizerContent.Of(folder);
        return content.Read(Path.Combine(folder, content.Name));
    }

    /// <summary>Text whose special tokens are parsed: for prompts that a person wrote, never for titles.</summary>
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

    /// <summary>Text as text alone: a title that spells a special token can't become one.</summary>
    public int[] EncodePlain(string text)
    {
        if (text.Length == 0)
            return [];
        try
        {
            return [.. encode(WellFormed(text))];
        }
        catch (RegexMatchTimeoutException endless)
        {
            throw new InvalidDataException($"The tokenizer's pattern does not come to an end on a text of {text.Length} characters; repair its tokenizer.json.", endless);
        }
    }

    /// <summary>The text of the tokens; bytes that are no UTF-8 become U+FFFD, unknown ids nothing.</summary>
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

    // A lone surrogate has no UTF-8; like every UTF-8 encoder this makes it U+FFFD.
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
