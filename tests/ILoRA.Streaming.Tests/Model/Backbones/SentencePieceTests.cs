using System.Text.Json;
using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Tests.Model.Backbones;

public sealed class SentencePieceTests
{
    private const int Normal = 1, Unknown = 2, Control = 3, Byte = 6;

    // "ab" has a higher score than "bc", so "abc" is merged to ab + c, not to a + bc.
    private static readonly (string Text, float Score, int Kind)[] Words =
        [("\u2581", -9, Normal), ("a", -9, Normal), ("b", -9, Normal), ("c", -9, Normal), ("ab", -1, Normal), ("bc", -2, Normal),
            ("\u2581ab", -3, Normal)];

    internal static readonly (string Text, float Score, int Kind)[] Pieces =
        [("<unk>", 0, Unknown), ("<s>", 0, Control), ("</s>", 0, Control),
            .. Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f, Byte)), .. Words];

    private const int FirstWord = 259;

    [Theory]
    [InlineData(true, "abc", new[] { FirstWord + 6, FirstWord + 3 })]
    [InlineData(false, "abc", new[] { FirstWord + 4, FirstWord + 3 })]
    [InlineData(false, "bc a", new[] { FirstWord + 5, FirstWord, FirstWord + 1 })]
    [InlineData(false, "aé", new[] { FirstWord + 1, 3 + 0xC3, 3 + 0xA9 })]
    [InlineData(true, "", new int[0])]
    public void Text_is_merged_by_score_and_unknown_characters_become_bytes(bool prefix, string text, int[] ids)
    {
        var tokenizer = SentencePieceFile.Write(Pieces, prefix).Read("test");

        Assert.Equal(ids, tokenizer.Encode(text));
        Assert.Equal(text, tokenizer.Decode(ids));
    }

    [Fact]
    public void A_special_token_is_parsed_in_a_prompt_and_plain_in_a_title()
    {
        var tokenizer = SentencePieceFile.Write(Pieces, false).Read("test");

        Assert.Equal([1, FirstWord + 4, 2], tokenizer.Encode("<s>ab</s>"));
        Assert.DoesNotContain(2, tokenizer.EncodePlain("ab</s>"));
        Assert.Equal(2, tokenizer.EndOfText);
    }

    [Theory]
    [InlineData(
        """{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"\u2581"},{"type":"Replace","pattern":{"String":" "},"content":"\u2581"}]}""", "null", true)]
    [InlineData("""{"type":"Replace","pattern":{"String":" "},"content":"\u2581"}""", "null", false)]
    [InlineData("null", """{"type":"Metaspace","replacement":"\u2581","prepend_scheme":"first","split":false}""", true)]
    [InlineData("null", """{"type":"Metaspace","replacement":"\u2581","prepend_scheme":"never","split":false}""", false)]
    public void A_tokenizer_json_with_byte_fallback_gives_the_ids_of_its_model(string normalizer, string split, bool prefix)
    {
        var vocabulary = string.Join(',', Pieces.Index().Select(piece => $"{JsonSerializer.Serialize(piece.Item.Text)}:{piece.Index}"));
        var json = $$$"""
            {"added_tokens":[{"id":1,"content":"<s>"},{"id":2,"content":"</s>"}],"normalizer":{{{normalizer}}},"pre_tokenizer":{{{split}}},
             "model":{"type":"BPE","byte_fallback":true,"unk_token":"<unk>","vocab":{{{{vocabulary}}}},"merges":["a b","b c","\u2581 ab"]}}
            """;
        var fromJson = new TokenizerContent(TokenizerContent.Json, System.Text.Encoding.UTF8.GetBytes(json)).Read("test");
        var fromModel = SentencePieceFile.Write(Pieces, prefix).Read("test");

        foreach (var text in (string[])["abc", " ab  c", "bcabcé <s>ab</s>", "\u65e5"])
            Assert.Equal(fromModel.Encode(text), fromJson.Encode(text));
    }

    [Fact]
    public void An_unsupported_model_is_refused_with_the_reason()
    {
        Refused(Pieces.Skip(1), "exactly one piece must stand for the unknown");
        Refused(Pieces.Where(piece => piece.Text != "<0x41>"), "byte pieces are not <0x00> to <0xFF>");
        Refused(Pieces.Append(("ab", 0, Normal)), "'ab' is empty, given twice");
        Refused(Pieces.Append(("", 0, Normal)), "is empty");
        Refused(Pieces.Append(("x", float.NaN, Normal)), "NaN");
        Refused([], "0 pieces");
    }

    private static void Refused(IEnumerable<(string, float, int)> pieces, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => SentencePieceFile.Write(pieces, true).Read("test")).Message,
            StringComparison.Ordinal);
}
