using System.Text.Json;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Model;

public sealed class GoldenTokensTests
{
    [Fact]
    public void Tokens_of_the_small_llama_equal_the_golden_ones() => Check(TextTokenizer.Load(Golden.Own("llama")), "llama");

    [Fact]
    public void Tokens_of_a_SentencePiece_model_equal_the_golden_ones()
    {
        Assert.SkipUnless(Golden.Shared("golden", "sentencepiece") is not null, Golden.Missing);
        Check(TextTokenizer.Load(Golden.Shared("golden", "sentencepiece")!), "sentencepiece");
    }

    [Fact]
    public void Tokens_of_a_GGUF_file_equal_the_golden_ones()
    {
        Assert.SkipUnless(Golden.SmolLm2 is not null, Golden.Missing);
        Check(Backbone.Load(Golden.SmolLm2!).Tokenizer, "smollm2");
    }

    private static void Check(TextTokenizer tokenizer, string folder)
    {
        var file = Golden.Shared("golden", folder, "tokens.jsonl");
        Assert.SkipUnless(file is not null, Golden.Missing);
        Assert.All(File.ReadLines(file!), line =>
        {
            using var json = JsonDocument.Parse(line);
            var text = json.RootElement.GetProperty("text").GetString()!;
            Assert.Equal(json.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), tokenizer.Encode(text));
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        });
    }
}
