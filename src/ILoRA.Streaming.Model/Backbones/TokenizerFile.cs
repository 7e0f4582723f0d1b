using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>Reads a Hugging Face <c>tokenizer.json</c> of the byte-level BPE kind.</summary>
internal static partial class TokenizerFile
{
    private const int MaxBytes = 64 << 20;

    /// <exception cref="InvalidDataException">The file is missing, broken or of an unsupported kind.</exception>
    public static TextTokenizer Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length > MaxBytes)
            throw new InvalidDataException($"{path} must be a tokenizer.json of at most {MaxBytes} bytes{(file.Exists ? $", it has {file.Length}" : ", it does not exist")}.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 32 });
            return Build(json.RootElement, path);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{path} is no valid tokenizer.json: {error.Message}", error);
        }
    }

    private static TextTokenizer Build(JsonElement json, string path)
    {
        var model = json.GetProperty("model");
        if (model.GetProperty("type").GetString() != "BPE" || model.TryGetProperty("byte_fallback", out var fallback) && fallback.ValueKind == JsonValueKind.True)
            throw new InvalidDataException($"{path}: the tokenizer is not byte-level BPE; supported: byte-level BPE.");
        var vocabulary = Vocabulary(model, path);
        var specials = Specials(json);
        var options = new BpeOptions(vocabulary)
        {
            Merges = Merges(model, vocabulary, path),
            ByteLevel = true,
            SpecialTokens = specials.Count > 0 ? specials : null,
            PreTokenizer = new RegexPreTokenizer(SplitPattern(json, path), specials.Count > 0 ? specials : null),
        };
        return new TextTokenizer(BpeTokenizer.Create(options), specials, vocabulary.Values.Concat(specials.Values).Max() + 1);
    }

    private static Dictionary<string, int> Vocabulary(JsonElement model, string path)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        foreach (var entry in model.GetProperty("vocab").EnumerateObject())
            if (!vocabulary.TryAdd(entry.Name, entry.Value.GetInt32()) || !ids.Add(vocabulary[entry.Name]) || vocabulary[entry.Name] is < 0 or > 1 << 24)
                throw new InvalidDataException($"{path}: vocabulary entry '{entry.Name}' is given twice, shares its id or has the id {entry.Value}.");
        return vocabulary.Count > 0 ? vocabulary : throw new InvalidDataException($"{path}: the vocabulary is empty.");
    }

    // Written as "a b" or, in newer files, as ["a", "b"].
    private static List<string> Merges(JsonElement model, Dictionary<string, int> vocabulary, string path)
    {
        var merges = new List<string>();
        foreach (var entry in model.GetProperty("merges").EnumerateArray())
        {
            var merge = entry.ValueKind == JsonValueKind.Array ? $"{entry[0].GetString()} {entry[1].GetString()}" : entry.GetString() ?? "";
            var parts = merge.Split(' ');
            if (parts.Length != 2 || !vocabulary.ContainsKey(parts[0]) || !vocabulary.ContainsKey(parts[1]) || !vocabulary.ContainsKey(parts[0] + parts[1]))
                throw new InvalidDataException($"{path}: merge '{merge}' is not made of two vocabulary entries that give a third.");
            merges.Add(merge);
        }
        return merges;
    }

    private static Dictionary<string, int> Specials(JsonElement json)
    {
        var specials = new Dictionary<string, int>(StringComparer.Ordinal);
        if (json.TryGetProperty("added_tokens", out var added) && added.ValueKind == JsonValueKind.Array)
            foreach (var token in added.EnumerateArray())
                specials[token.GetProperty("content").GetString() ?? ""] = token.GetProperty("id").GetInt32();
        return specials;
    }

    private static Regex SplitPattern(JsonElement json, string path)
    {
        var steps = Steps(json.GetProperty("pre_tokenizer"));
        var kinds = string.Join("+", steps.Select(step => step.GetProperty("type").GetString()));
        return kinds switch
        {
            "ByteLevel" => Gpt2(),
            "Digits+ByteLevel" => steps[0].GetProperty("individual_digits").GetBoolean() ? Gpt2SingleDigits() : throw Unsupported(path, "Digits in groups"),
            "Split+ByteLevel" => new Regex(steps[0].GetProperty("pattern").GetProperty("Regex").GetString()!, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)),
            _ => throw Unsupported(path, kinds),
        };
    }

    private static JsonElement[] Steps(JsonElement step) =>
        step.GetProperty("type").GetString() == "Sequence" ? [.. step.GetProperty("pretokenizers").EnumerateArray()] : [step];

    private static InvalidDataException Unsupported(string path, string what) =>
        new($"{path}: pre-tokenizer {what} is not supported; supported: ByteLevel, Digits (single) + ByteLevel, Split + ByteLevel.");

    // GPT-2's own split (Radford et al. 2019).
    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2();

    // The same after every digit was split off: white space before a digit ends its piece.
    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?=\p{N})|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2SingleDigits();
}
