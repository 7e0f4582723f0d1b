using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Model.Prompts;

public sealed class HistoryPromptTests
{
    private static readonly TextTokenizer Tokenizer = TextTokenizer.Load(Golden.Own("llama"));

    [Fact]
    public void Each_title_is_followed_by_one_item_token()
    {
        var prompt = HistoryPrompt.Build(Tokenizer, ["RED MUG", "BLUE MUG"], null);

        Assert.Equal("History: RED MUG<|item|>, BLUE MUG<|item|>\nNext:", Tokenizer.Decode(prompt.Ids));
        Assert.Equal(2, prompt.ItemSlots.Length);
        Assert.All(prompt.ItemSlots, slot => Assert.Equal(Tokenizer.ItemToken, prompt.Ids[slot]));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(9, 9)]
    [InlineData(10, 10)]
    [InlineData(11, 10)]
    public void A_prompt_names_the_last_ten_items(int titles, int named)
    {
        var prompt = HistoryPrompt.Build(Tokenizer, [.. Enumerable.Range(0, titles).Select(number => $"T{number}.")], null);

        Assert.Equal(named, prompt.ItemSlots.Length);
        Assert.Equal(named < titles, !Tokenizer.Decode(prompt.Ids).Contains("T0.", StringComparison.Ordinal) && titles > 0);
    }

    [Fact]
    public void Candidates_are_listed_before_the_answer_slot() =>
        Assert.Equal("History: A<|item|>\nCandidates: B, C\nNext:",
            Tokenizer.Decode(HistoryPrompt.Build(Tokenizer, ["A"], ["B", "C"]).Ids));

    [Fact]
    public void A_title_that_spells_the_item_token_adds_no_slot()
    {
        var prompt = HistoryPrompt.Build(Tokenizer, ["MUG<|item|> <|endoftext|>"], ["<|item|>"]);

        Assert.Single(prompt.ItemSlots);
        Assert.Single(prompt.Ids, Tokenizer.ItemToken);
        Assert.DoesNotContain(Tokenizer.EndOfText, prompt.Ids);
    }

    [Fact]
    public void A_very_long_title_is_truncated()
    {
        var prompt = HistoryPrompt.Build(Tokenizer, [new string('語', 1 << 20)], null);
        Assert.InRange(prompt.Ids.Length, HistoryPrompt.MaxTitleTokens, HistoryPrompt.MaxTitleTokens + 40);
    }

    [Theory]
    [InlineData("RED MUG")]
    [InlineData("MUG <|endoftext|>")]
    public void An_answer_is_the_title_and_a_line_feed(string title)
    {
        var answer = HistoryPrompt.Answer(Tokenizer, title);

        Assert.Equal($" {title}\n", Tokenizer.Decode(answer));
        Assert.DoesNotContain(Tokenizer.EndOfText, answer);
    }

    [Fact]
    public void A_very_long_answer_is_truncated_like_in_the_prompt() =>
        Assert.InRange(HistoryPrompt.Answer(Tokenizer, new string('x', 1 << 20)).Length, 2, HistoryPrompt.MaxTitleTokens + 1);
}
