using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Gguf;

/// <summary>Converts the tokenizer in a GGUF file to the tokenizer file of a Hugging Face folder.</summary>
internal static class GgufTokenizer
{
    // Types of tokens, numbered as in SentencePiece.
    private const int Normal = 1, Control = 3, UserDefined = 4, Byte = 6;

    /// <summary>Reads the tokenizer.</summary>
    /// <exception cref="InvalidDataException">It is missing, broken or of an unsupported kind.</exception>
    public static TokenizerContent Read(GgufMetadata metadata)
    {
        var tokens = metadata.Texts("tokenizer.ggml.tokens");
        var kinds =
            metadata.Has("tokenizer.ggml.token_type") ? metadata.Integers("tokenizer.ggml.token_type") : [.. tokens.Select(_ => Normal)];
        if (kinds.Length != tokens.Length || kinds.Any(kind => kind is < Normal or > Byte))
            throw new InvalidDataException(
                $"{metadata.Source}: {tokens.Length} tokens have {kinds.Length} types, or one outside {Normal} to {Byte}; it is not a "
                    + "whole GGUF file.");
        return metadata.Text("tokenizer.ggml.model") switch
        {
            "gpt2" => ByteLevel(metadata, tokens, kinds),
            "llama" => SentencePiece(metadata, tokens, kinds),
            var other =>
                throw new InvalidDataException(
                    $"{metadata.Source}: tokenizer '{other}' is not supported; supported: gpt2 (byte-level BPE), llama (SentencePiece)."),
        };
    }

    private static TokenizerContent ByteLevel(GgufMetadata metadata, string[] tokens, int[] kinds)
    {
        var twice = tokens.GroupBy(token => token, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key;
        if (twice is not null)
            throw new InvalidDataException($"{metadata.Source}: vocabulary entry '{twice}' is given twice.");
        var split = metadata.Text("tokenizer.ggml.pre", "default");
        var writer = new TokenizerFileWriter(tokens, metadata.Texts("tokenizer.ggml.merges"))
        {
            Specials = kinds.Index().Where(kind => kind.Item is Control or UserDefined).Select(kind => (kind.Index, tokens[kind.Index])),
            Split = SplitPattern.JsonOf(split, metadata.Source),
            WholePieces = split.StartsWith("llama", StringComparison.Ordinal),
            Composed = split.Contains("qwen", StringComparison.Ordinal),
        };
        return new TokenizerContent(TokenizerContent.Json, writer.Write());
    }

    private static TokenizerContent SentencePiece(GgufMetadata metadata, string[] tokens, int[] kinds)
    {
        var scores = metadata.Numbers("tokenizer.ggml.scores");
        if (scores.Length != tokens.Length)
            throw new InvalidDataException(
                $"{metadata.Source}: {tokens.Length} tokens have {scores.Length} scores; it is not a whole GGUF file.");
        return SentencePieceFile.Write(tokens.Select((token, id) => (token, scores[id], kinds[id])),
            metadata.Flag("tokenizer.ggml.add_space_prefix", true));
    }
}
