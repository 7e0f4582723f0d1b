using System.Text.Encodings.Web;
using System.Text.Json;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>Writes a <c>tokenizer.json</c> (byte-level BPE) that Hugging Face's tokenizers library can load.</summary>
internal sealed record TokenizerFileWriter(IReadOnlyList<string> Tokens, IEnumerable<string> Merges)
{
    /// <summary>The special tokens, which are parsed in text, with their ids.</summary>
    public required IEnumerable<(int Id, string Text)> Specials { get; init; }

    /// <summary>The <c>pre_tokenizer</c> as JSON, from <see cref="SplitPattern"/>.</summary>
    public string Split { get; init; } = SplitPattern.SingleDigitsJson;

    /// <summary>Whether a piece that is in the vocabulary becomes that token without merges (<c>ignore_merges</c>).</summary>
    public bool WholePieces { get; init; }

    /// <summary>Whether text is normalised to NFC first.</summary>
    public bool Composed { get; init; }

    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        using (var json =
            new Utf8JsonWriter(buffer,
                new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            WriteSpecials(json);
            json.WritePropertyName("normalizer");
            json.WriteRawValue(Composed ? """{"type":"NFC"}""" : "null");
            json.WritePropertyName("pre_tokenizer");
            WriteIndented(json, Split);
            json.WriteNull("post_processor");
            json.WritePropertyName("decoder");
            WriteIndented(json, SplitPattern.ByteLevelJson);
            WriteModel(json);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private void WriteSpecials(Utf8JsonWriter json)
    {
        json.WriteStartArray("added_tokens");
        foreach (var (id, text) in Specials)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", text);
            foreach (var flag in (string[])["single_word", "lstrip", "rstrip", "normalized"])
                json.WriteBoolean(flag, false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteIndented(Utf8JsonWriter json, string value)
    {
        using var document = JsonDocument.Parse(value);
        document.WriteTo(json);
    }

    private void WriteModel(Utf8JsonWriter json)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        if (WholePieces)
            json.WriteBoolean("ignore_merges", true);
        json.WriteStartObject("vocab");
        for (var id = 0; id < Tokens.Count; id++)
            json.WriteNumber(Tokens[id], id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var merge in Merges)
            json.WriteStringValue(merge);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
