using System.Text.Encodings.Web;
using System.Text.Json;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>Writes a <c>tokenizer.json</c> (Digits + ByteLevel, BPE) that Hugging Face's tokenizers opens.</summary>
internal static class TokenizerFileWriter
{
    public static byte[] Write(IReadOnlyList<string> tokens, IReadOnlyList<(string Left, string Right)> merges)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            WriteSpecials(json);
            json.WriteNull("normalizer");
            WritePreTokenizer(json);
            json.WriteNull("post_processor");
            json.WriteStartObject("decoder");
            WriteByteLevel(json);
            json.WriteEndObject();
            WriteModel(json, tokens, merges);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static void WriteSpecials(Utf8JsonWriter json)
    {
        json.WriteStartArray("added_tokens");
        for (var id = 0; id < BytePairTrainer.Specials.Count; id++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", BytePairTrainer.Specials[id]);
            foreach (var flag in (string[])["single_word", "lstrip", "rstrip", "normalized"])
                json.WriteBoolean(flag, false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WritePreTokenizer(Utf8JsonWriter json)
    {
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        json.WriteStartObject();
        json.WriteString("type", "Digits");
        json.WriteBoolean("individual_digits", true);
        json.WriteEndObject();
        json.WriteStartObject();
        WriteByteLevel(json);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteByteLevel(Utf8JsonWriter json)
    {
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", true);
    }

    private static void WriteModel(Utf8JsonWriter json, IReadOnlyList<string> tokens, IReadOnlyList<(string Left, string Right)> merges)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteStartObject("vocab");
        for (var id = 0; id < tokens.Count; id++)
            json.WriteNumber(tokens[id], id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var (left, right) in merges)
            json.WriteStringValue($"{left} {right}");
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
