using System.Text.Json;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// Converts a <c>tokenizer.json</c> of BPE with byte fallback (Llama 2, Mistral) back to the SentencePiece model that it was made from.
/// </summary>
internal static class SentencePieceJson
{
    private const string Space = "\u2581";

    // Types of pieces in a SentencePiece model.
    private const int Normal = 1, Unknown = 2, Control = 3, Unused = 5, Byte = 6;

    /// <summary>Converts the tokenizer.</summary>
    /// <param name="json">The whole file.</param>
    /// <param name="vocabulary">Ids by piece.</param>
    /// <param name="merges">"left right", in order of priority.</param>
    /// <param name="specials">Ids by added token.</param>
    /// <param name="path">The file's name, for messages.</param>
    /// <exception cref="InvalidDataException">Ids are not consecutive, or text is normalised in another way than SentencePiece
    /// does.</exception>
    public static TokenizerContent Convert(JsonElement json, Dictionary<string, int> vocabulary, IReadOnlyList<string> merges,
        Dictionary<string, int> specials, string path)
    {
        var ids = vocabulary.Concat(specials).DistinctBy(pair => pair.Value).OrderBy(pair => pair.Value).ToList();
        if (ids[^1].Value != ids.Count - 1)
            throw new InvalidDataException(
                $"{path}: {ids.Count} tokens have ids up to {ids[^1].Value}; with byte fallback, ids without a hole are supported.");
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (rank, merge) in merges.Index())
            ranks.TryAdd(merge.Replace(" ", "", StringComparison.Ordinal), rank);
        var bytes = Enumerable.Range(0, 256).Select(SentencePieceFile.ByteName).ToHashSet(StringComparer.Ordinal);
        var unknown = json.GetProperty("model").TryGetProperty("unk_token", out var name) ? name.GetString() : null;
        return SentencePieceFile.Write(ids.Select(pair => Piece(pair.Key)), Prefix(json, path));

        (string Text, float Score, int Kind) Piece(string text)
        {
            if (bytes.Contains(text))
                return (text, 0, Byte);
            if (text == unknown || specials.ContainsKey(text))
                return (text, 0, text == unknown ? Unknown : Control);
            return ranks.TryGetValue(text, out var rank)
                ? (text, -rank, Normal) : (text, -merges.Count, IsOneCharacter(text) ? Normal : Unused);
        }
    }

    // Whether a space is put before a text. Older files replace spaces by U+2581 in the normalizer, newer ones in the pre-tokenizer
    // Metaspace.
    private static bool Prefix(JsonElement json, string path)
    {
        var normalizer = Member(json, "normalizer");
        var split = Member(json, "pre_tokenizer");
        if (normalizer is { } steps && split is null)
        {
            JsonElement[] all = Type(steps) == "Sequence" ? [.. steps.GetProperty("normalizers").EnumerateArray()] : [steps];
            var kinds = string.Join(" + ", all.Select(Type));
            if (kinds is "Prepend + Replace" or "Replace" && all[^1].GetProperty("content").GetString() == Space)
                return kinds[0] == 'P';
        }
        if (normalizer is null && split is { } metaspace && Type(metaspace) == "Metaspace"
            && metaspace.GetProperty("replacement").GetString() == Space)
            return (Member(metaspace, "prepend_scheme")?.GetString() ?? "always") != "never";
        throw new InvalidDataException(
            $"{path}: with byte fallback, this normalizer and pre-tokenizer are not supported; supported: Prepend + Replace, Replace, "
                + "or Metaspace alone.");
    }

    private static bool IsOneCharacter(string text) => text.Length == 1 || text.Length == 2 && char.IsSurrogatePair(text, 0);

    private static JsonElement? Member(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Type(JsonElement step) => step.GetProperty("type").GetString() ?? "";
}
