using System.Text;
using System.Text.RegularExpressions;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// Learns byte-level byte-pair merges from titles (Sennrich et al. 2016; byte alphabet of GPT-2): the most frequent neighbouring pair is merged until the
/// vocabulary is full. Ties go to the pair first in ordinal order, so the same titles give the same tokenizer.
/// </summary>
public static class BytePairTrainer
{
    /// <summary>The two special tokens, with ids 0 and 1.</summary>
    public static IReadOnlyList<string> Specials { get; } = ["<|endoftext|>", TextTokenizer.ItemText];

    /// <param name="titles">The text to learn from.</param>
    /// <param name="vocabulary">The number of tokens wanted, at least 258 (256 bytes and the specials); fewer result where the titles have no more pairs.</param>
    /// <returns>The bytes of a <c>tokenizer.json</c>.</returns>
    public static byte[] Train(IEnumerable<string> titles, int vocabulary)
    {
        if (vocabulary < 256 + Specials.Count)
            throw new ArgumentOutOfRangeException(nameof(vocabulary), vocabulary, $"A byte-level vocabulary has at least {256 + Specials.Count} tokens.");
        var alphabet = ByteAlphabet.Symbols;
        var words = Words(titles);
        var merges = new List<(string Left, string Right)>();
        var tokens = new List<string>(Specials.Concat(alphabet.Order(StringComparer.Ordinal)));
        while (tokens.Count < vocabulary && MostFrequentPair(words) is { } pair)
        {
            merges.Add(pair);
            tokens.Add(pair.Left + pair.Right);
            foreach (var word in words)
                word.Merge(pair.Left, pair.Right);
        }
        return TokenizerFileWriter.Write(tokens, merges);
    }

    private static List<Word> Words(IEnumerable<string> titles)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var title in titles)
            foreach (var text in (string[])[title, " " + title])
                foreach (Match match in SplitPattern.SingleDigits().Matches(text))
                    counts[match.Value] = counts.GetValueOrDefault(match.Value) + 1;
        return [.. counts.Select(pair => new Word([.. Encoding.UTF8.GetBytes(pair.Key).Select(value => ByteAlphabet.Symbols[value])], pair.Value))];
    }

    private static (string Left, string Right)? MostFrequentPair(List<Word> words)
    {
        var counts = new Dictionary<(string, string), int>();
        foreach (var word in words)
            for (var i = 0; i + 1 < word.Symbols.Count; i++)
                counts[(word.Symbols[i], word.Symbols[i + 1])] = counts.GetValueOrDefault((word.Symbols[i], word.Symbols[i + 1])) + word.Count;
        (string Left, string Right)? best = null;
        var most = 1;
        foreach (var (pair, count) in counts)
            if (count > most || count == most && best is { } current && Before(pair, current))
                (best, most) = (pair, count);
        return best;
    }

    private static bool Before((string Left, string Right) a, (string Left, string Right) b)
    {
        var left = string.CompareOrdinal(a.Left, b.Left);
        return left < 0 || left == 0 && string.CompareOrdinal(a.Right, b.Right) < 0;
    }

    private sealed record Word(List<string> Symbols, int Count)
    {
        public void Merge(string left, string right)
        {
            for (var i = 0; i + 1 < Symbols.Count; i++)
                if (Symbols[i] == left && Symbols[i + 1] == right)
                {
                    Symbols[i] = left + right;
                    Symbols.RemoveAt(i + 1);
                }
        }
    }
}
