using System.Text;
using System.Text.Json;
using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Tests.Model.Backbones;

public sealed class BytePairTrainerTests
{
    private static readonly string[] Titles = ["RED MUG 12", "RED LANTERN", "BLUE MUG", "CAFÉ SET", "WHITE HANGING HEART T-LIGHT HOLDER",
        "aaaaaaaaaaaa aaaaaaa aaaaa aaa"];

    [Fact]
    public void The_same_titles_give_the_same_tokenizer() =>
        Assert.Equal(BytePairTrainer.Train(Titles, 320), BytePairTrainer.Train(Titles, 320));

    [Theory]
    [InlineData(258, 258)]
    [InlineData(259, 259)]
    [InlineData(300, 300)]
    public void The_vocabulary_has_the_wanted_size(int wanted, int got) =>
        Assert.Equal(got, Load(BytePairTrainer.Train(Titles, wanted)).Vocabulary);

    [Fact]
    public void Training_ends_when_no_pair_repeats()
    {
        var vocabulary = Load(BytePairTrainer.Train(Titles, 100_000)).Vocabulary;
        Assert.InRange(vocabulary, 280, 500);
    }

    [Fact]
    public void A_vocabulary_smaller_than_the_bytes_and_special_tokens_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BytePairTrainer.Train(Titles, 257));

    [Fact]
    public void Frequent_words_become_one_token_and_any_text_still_encodes()
    {
        var tokenizer = Load(BytePairTrainer.Train([.. Titles, .. Titles], 100_000));
        Assert.Single(tokenizer.Encode(" MUG"));
        Assert.Equal("Ωmega 7 🎁", tokenizer.Decode(tokenizer.Encode("Ωmega 7 🎁")));
        Assert.Equal((0, 1), (tokenizer.EndOfText, tokenizer.ItemToken));
    }

    [Fact]
    public void Encoding_applies_the_merges_in_the_order_they_were_learned()
    {
        var json = JsonDocument.Parse(BytePairTrainer.Train(Titles, 300));
        var model = json.RootElement.GetProperty("model");
        var merges = model.GetProperty("merges").EnumerateArray().Select(merge => merge.GetString()!.Split(' ')).ToList();
        var vocabulary = model.GetProperty("vocab").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetInt32());
        var symbols = Encoding.UTF8.GetBytes("HEART").Select(value => ((char)value).ToString()).ToList();
        while (merges.FirstOrDefault(
            merge => symbols.Zip(symbols.Skip(1)).Any(pair => pair.First == merge[0] && pair.Second == merge[1])) is { } merge)
            for (var i = 0; i + 1 < symbols.Count; i++)
                if (symbols[i] == merge[0] && symbols[i + 1] == merge[1])
                {
                    symbols[i] += symbols[i + 1];
                    symbols.RemoveAt(i + 1);
                }

        Assert.Equal(symbols.Select(symbol => vocabulary[symbol]), Load(BytePairTrainer.Train(Titles, 300)).Encode("HEART"));
    }

    private static TextTokenizer Load(byte[] json)
    {
        var folder = Directory.CreateTempSubdirectory("tokenizer").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "tokenizer.json"), json);
            return TextTokenizer.Load(folder);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
