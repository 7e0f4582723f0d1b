using System.Text.Json.Nodes;
using CsCheck;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Tests.Model.Hostile;

namespace ILoRA.Streaming.Tests.Model.Backbones;

public sealed class TextTokenizerTests
{
    private static readonly TextTokenizer Tokenizer = TextTokenizer.Load(Golden.Own("llama"));

    [Fact]
    public void Any_text_decodes_to_itself() => Gen.String.Select(text => text.Replace("<|", "", StringComparison.Ordinal)).Sample(text =>
        Assert.Equal(WellFormed(text), Tokenizer.Decode(Tokenizer.Encode(text))), iter: 500);

    [Fact]
    public void A_special_token_is_parsed_in_a_prompt()
    {
        int[] expected = [.. Tokenizer.Encode("red mug"), Tokenizer.ItemToken, .. Tokenizer.Encode(", blue"), Tokenizer.EndOfText];
        Assert.Equal(expected, Tokenizer.Encode("red mug<|item|>, blue<|endoftext|>"));
        Assert.Equal((0, 1, 512), (Tokenizer.EndOfText, Tokenizer.ItemToken, Tokenizer.Vocabulary));
    }

    [Fact]
    public void A_special_token_in_plain_text_stays_text()
    {
        var ids = Tokenizer.EncodePlain("mug<|item|><|endoftext|>");
        Assert.DoesNotContain(Tokenizer.ItemToken, ids);
        Assert.DoesNotContain(Tokenizer.EndOfText, ids);
        Assert.Equal("mug<|item|><|endoftext|>", Tokenizer.Decode(ids));
    }

    [Fact]
    public void A_lone_surrogate_becomes_the_replacement_character() =>
        Assert.Equal("a\uFFFDb", Tokenizer.Decode(Tokenizer.Encode("a\ud83db")));

    [Theory]
    [InlineData("model", """{"type":"Unigram","vocab":[]}""",
        "a Unigram tokenizer is not supported; supported: BPE, byte-level or with byte fallback")]
    [InlineData("model", """{"type":"BPE","byte_fallback":true,"vocab":{"a":5},"merges":[]}""", "ids without a hole")]
    [InlineData("model", """{"type":"BPE","byte_fallback":true,"vocab":{"<|endoftext|>":0,"<|item|>":1,"a":2},"merges":[]}""",
        "with byte fallback, this normalizer")]
    [InlineData("model", """{"type":"BPE","vocab":{},"merges":[]}""", "vocabulary is empty")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0,"b":0},"merges":[]}""", "shares its id")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":-1},"merges":[]}""", "has the id -1")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":1073741824},"merges":[]}""", "has the id 1073741824")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":5,"b":6},"merges":["a b"]}""", "merge 'a b'")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":5,"b":6},"merges":[["a"]]}""", "no valid tokenizer.json")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":5,"b":6},"merges":["ab"]}""", "merge 'ab'")]
    [InlineData("model", "[]", "no valid tokenizer.json")]
    [InlineData("normalizer", """{"type":"NFKC"}""", "normalizer (NFKC) is not supported; supported: none, NFC")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace"}""", "Metaspace")]
    [InlineData("pre_tokenizer", """{"type":"ByteLevel","add_prefix_space":true}""", "prefix space")]
    [InlineData("pre_tokenizer",
        """{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"(a"},"behavior":"Isolated"},{"type":"ByteLevel","use_regex":false}]}""", "no valid tokenizer.json")]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[]}""", "no valid tokenizer.json")]
    [InlineData("added_tokens", """[{"id":1,"content":"<|item|>"},{"id":1,"content":"<|other|>"}]""", "'<|other|>'")]
    [InlineData("added_tokens", """[{"id":-5,"content":"<|x|>"}]""", "impossible id -5")]
    [InlineData("added_tokens", """[{"id":7000000000,"content":"<|x|>"}]""", "no valid tokenizer.json")]
    [InlineData("added_tokens", """[{"id":600,"content":"<|x|>","lstrip":true}]""", "lstrip")]
    [InlineData("added_tokens", """[{"id":600,"content":"<|x|>"}]""", "different models")]
    public void An_unsupported_tokenizer_is_refused_with_the_reason(string name, string value, string reason)
    {
        using var folder = new BackboneCopy();
        folder.Change("tokenizer.json", json => json[name] = JsonNode.Parse(value));

        var error = Assert.Throws<InvalidDataException>(() => Backbone.Load(folder.Path));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_an_NFC_normalizer_composed_and_decomposed_text_have_the_same_tokens()
    {
        using var folder = new BackboneCopy();
        folder.Change("tokenizer.json", json => json["normalizer"] = JsonNode.Parse("""{"type":"NFC"}"""));

        Assert.Equal(Tokenizer.Encode("CAF\u00c9 \ud55c"), TextTokenizer.Load(folder.Path).Encode("CAFE\u0301 \u1112\u1161\u11ab"));
        Assert.NotEqual(Tokenizer.Encode("CAF\u00c9"), Tokenizer.Encode("CAFE\u0301"));
    }

    [Fact]
    public void With_ignore_merges_a_piece_in_the_vocabulary_is_one_token()
    {
        using var folder = new BackboneCopy();
        folder.Change("tokenizer.json", json => json["model"]!["vocab"]!["ZQX"] = 600);
        var merging = TextTokenizer.Load(folder.Path).Encode("ZQX MUG 12");
        folder.Change("tokenizer.json", json => json["model"]!["ignore_merges"] = true);

        Assert.Equal([600, .. Tokenizer.Encode(" MUG 12")], TextTokenizer.Load(folder.Path).Encode("ZQX MUG 12"));
        Assert.DoesNotContain(600, merging);
    }

    [Fact]
    public void A_split_pattern_separates_pieces_at_its_matches()
    {
        using var folder = new BackboneCopy();
        folder.Change("tokenizer.json", json => json["pre_tokenizer"] = JsonNode.Parse(
            """{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"I"},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]}"""));
        var tokenizer = TextTokenizer.Load(folder.Path);

        // "IN" is the first merge of this vocabulary; with the pattern, I and N are separate pieces.
        Assert.Single(Tokenizer.Encode("IN"));
        Assert.Equal([.. Tokenizer.Encode("I"), .. Tokenizer.Encode("N")], tokenizer.Encode("IN"));
        Assert.Equal("xINIy", tokenizer.Decode(tokenizer.Encode("xINIy")));
    }

    private static string WellFormed(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
