using System.Text.Json;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>Reads a Hugging Face <c>tokenizer.json</c> of type BPE, byte-level or with byte fallback.</summary>
internal static class TokenizerFile
{
    private const int MaxId = 1 << 24;

    /// <exception cref="InvalidDataException">The file is broken or of an unsupported kind.</exception>
    public static TextTokenizer Read(TokenizerContent content, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(content.Bytes, new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
            return Build(json.RootElement, content, path);
        }
        catch (Exception error)
            when (error is JsonException or InvalidOperationException or FormatException or ArgumentException or KeyNotFoundException
                or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{path} is no valid tokenizer.json: {error.Message}", error);
        }
    }

    private static TextTokenizer Build(JsonElement json, TokenizerContent content, string path)
    {
        var model = json.GetProperty("model");
        var type = model.GetProperty("type").GetString();
        if (type != "BPE")
            throw new InvalidDataException(
                $"{path}: a {type} tokenizer is not supported; supported: BPE, byte-level or with byte fallback.");
        var vocabulary = Vocabulary(model, path);
        var specials = Specials(json, vocabulary, path);
        var merges = Merges(model, vocabulary, path);
        if (Is(model, "byte_fallback"))
            return SentencePieceJson.Convert(json, vocabulary, merges, specials, path).Read(path);
        var tokens =
            new ByteLevelTokens(vocabulary, merges,
                SplitPattern.Of(json.GetProperty("pre_tokenizer"), path))
            {
                WholePieces = Is(model, "ignore_merges"),
                Composed = Composed(json, path)
            };
        return new TextTokenizer(tokens.Encoder(), specials, tokens.Bytes(), content);
    }

    private static bool Composed(JsonElement json, string path)
    {
        if (!json.TryGetProperty("normalizer", out var normalizer) || normalizer.ValueKind == JsonValueKind.Null)
            return false;
        return normalizer.GetProperty("type").GetString() == "NFC"
            ? true
            : throw new InvalidDataException(
                $"{path}: a normalizer ({normalizer.GetProperty("type")}) is not supported; supported: none, NFC.");
    }

    private static Dictionary<string, int> Vocabulary(JsonElement model, string path)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        foreach (var entry in model.GetProperty("vocab").EnumerateObject())
            if (!vocabulary.TryAdd(entry.Name, entry.Value.GetInt32()) || !ids.Add(vocabulary[entry.Name])
                || vocabulary[entry.Name] is < 0 or > MaxId)
                throw new InvalidDataException(
                    $"{path}: vocabulary entry '{entry.Name}' is given twice, shares its id or has the id {entry.Value}.");
        return vocabulary.Count > 0 ? vocabulary : throw new InvalidDataException($"{path}: the vocabulary is empty.");
    }

    // A merge is "a b" or, in newer files, ["a", "b"].
    private static List<string> Merges(JsonElement model, Dictionary<string, int> vocabulary, string path)
    {
        var merges = new List<string>();
        foreach (var entry in model.GetProperty("merges").EnumerateArray())
        {
            var merge = entry.ValueKind == JsonValueKind.Array ? $"{entry[0].GetString()} {entry[1].GetString()}" : entry.GetString() ?? "";
            var parts = merge.Split(' ');
            if (parts.Length != 2 || !vocabulary.ContainsKey(parts[0]) || !vocabulary.ContainsKey(parts[1])
                || !vocabulary.ContainsKey(parts[0] + parts[1]))
                throw new InvalidDataException($"{path}: merge '{merge}' is not made of two vocabulary entries that give a third.");
            merges.Add(merge);
        }
        return merges;
    }

    private static Dictionary<string, int> Specials(JsonElement json, Dictionary<string, int> vocabulary, string path)
    {
        var specials = new Dictionary<string, int>(StringComparer.Ordinal);
        if (!json.TryGetProperty("added_tokens", out var added) || added.ValueKind == JsonValueKind.Null)
            return specials;
        var taken = vocabulary.ToDictionary(pair => pair.Value, pair => pair.Key);
        foreach (var token in added.EnumerateArray())
        {
            var text = token.GetProperty("content").GetString() ?? "";
            var id = token.GetProperty("id").GetInt32();
            if (text.Length == 0 || id is < 0 or > MaxId || !specials.TryAdd(text, id) || !taken.TryAdd(id, text) && taken[id] != text)
                throw new InvalidDataException(
                    $"{path}: added token '{text}' is empty, given twice or has the taken or impossible id {id}.");
            foreach (var flag in (string[])["single_word", "lstrip", "rstrip"])
                if (Is(token, flag))
                    throw new InvalidDataException($"{path}: added token '{text}' asks for {flag}, which is not supported.");
        }
        return specials;
    }

    private static bool Is(JsonElement json, string flag) =>
        json.TryGetProperty(flag, out var value) && value.ValueKind == JsonValueKind.True;
}
