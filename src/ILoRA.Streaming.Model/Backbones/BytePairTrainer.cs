using System.Text;
using System.Text.RegularExpressions;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// Trains a byte-level BPE tokenizer on titles (Sennrich et al. 2016; byte alphabet of GPT-2): the most frequent adjacent pair is merged
/// until the vocabulary is full. Of equally frequent pairs the first in ordinal order is merged, so the same titles give the same
/// tokenizer.
/// </summary>
public static class BytePairTrainer
{
    /// <summary>The two special tokens, with ids 0 and 1.</summary>
    public static IReadOnlyList<string> Specials { get; } = ["<|endoftext|>", TextTokenizer.ItemText];

    /// <summary>Trains a tokenizer.</summary>
    /// <param name="titles">The training text.</param>
    /// <param name="vocabulary">The size of the vocabulary, at least 258 (256 bytes and the specials); it is smaller where no frequent pair
    /// is left.</param>
    /// <returns>The bytes of a <c>tokenizer.json</c>.</returns>
    public static byte[] Train(IEnumerable<string> titles, int vocabulary)
    {
        if (vocabulary < 256 + Specials.Count)
            throw new ArgumentOutOfRangeException(nameof(vocabulary), vocabulary,
                $"A byte-level vocabulary has at least {256 + Specials.Count} tokens.");
        var pairs = new PairCounts(Words(titles));
        var merges = new List<(string Left, string Right)>();
        var tokens = new List<string>(Specials.Concat(ByteAlphabet.Symbols.Order(StringComparer.Ordinal)));
        var known = new HashSet<string>(tokens, StringComparer.Ordinal);
        while (tokens.Count < vocabulary && pairs.MostFrequent() is { } pair)
        {
            merges.Add(pair);
            // Two different merges can give the same token (aa + aaa, aaaa + a).
            if (known.Add(pair.Left + pair.Right))
                tokens.Add(pair.Left + pair.Right);
            pairs.Merge(pair);
        }
        return new TokenizerFileWriter(tokens,
            merges.Select(merge => $"{merge.Left} {merge.Right}"))
        { Specials = Specials.Index() }.Write();
    }

    private static List<Word> Words(IEnumerable<string> titles)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var title in titles)
            foreach (var text in (string[])[title, " " + title])
                foreach (Match match in SplitPattern.SingleDigits().Matches(text))
                    counts[match.Value] = counts.GetValueOrDefault(match.Value) + 1;
        return [.. counts.Select(
            pair => new Word([.. Encoding.UTF8.GetBytes(pair.Key).Select(value => ByteAlphabet.Symbols[value])], pair.Value))];
    }

    private sealed record Word(List<string> Symbols, int Count)
    {
        public IEnumerable<(string Left, string Right)> Pairs => Symbols.Zip(Symbols.Skip(1));

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

    /// <summary>
    /// The count of each adjacent pair and the words that contain it. A merge updates only the words that contain the pair.
    /// </summary>
    private sealed class PairCounts
    {
        private readonly Dictionary<(string Left, string Right), int> counts = [];
        private readonly Dictionary<(string Left, string Right), HashSet<Word>> places = [];

        public PairCounts(List<Word> words)
        {
            foreach (var word in words)
                Count(word, 1);
        }

        public (string Left, string Right)? MostFrequent()
        {
            (string Left, string Right)? best = null;
            var most = 1;
            foreach (var (pair, count) in counts)
                if (count > most || count == most && best is { } current && Before(pair, current))
                    (best, most) = (pair, count);
            return best;
        }

        public void Merge((string Left, string Right) pair)
        {
            foreach (var word in places[pair].ToArray())
            {
                Count(word, -1);
                word.Merge(pair.Left, pair.Right);
                Count(word, 1);
            }
            counts.Remove(pair);
            places.Remove(pair);
        }

        private void Count(Word word, int sign)
        {
            foreach (var pair in word.Pairs)
            {
                counts[pair] = counts.GetValueOrDefault(pair) + sign * word.Count;
                if (!places.TryGetValue(pair, out var words))
                    places[pair] = words = new HashSet<Word>(ReferenceEqualityComparer.Instance);
                words.Add(word);
            }
        }

        private static bool Before((string Left, string Right) a, (string Left, string Right) b)
        {
            var left = string.CompareOrdinal(a.Left, b.Left);
            return left < 0 || left == 0 && string.CompareOrdinal(a.Right, b.Right) < 0;
        }
    }
}
