using ILoRA.Streaming.Model.Prompts;

namespace ILoRA.Streaming.Tests.Model.Prompts;

public sealed class PackedPromptTests
{
    private static readonly PackedPrompt Packed = PackedPrompt.Pack([10, 11, 12], [[20, 21, 22], [30], [40, 41]]);

    [Fact]
    public void Each_candidate_lacks_its_last_token_and_restarts_its_positions()
    {
        Assert.Equal([10, 11, 12, 20, 21, 40], Packed.Ids);
        Assert.Equal([0, 1, 2, 3, 4, 3], Packed.Positions);
        Assert.Equal([-1, -1, -1, 0, 0, 2], Packed.Segments);
    }

    [Fact]
    public void Every_token_of_every_candidate_is_scored_by_the_row_before_it() => Assert.Equal(
        [new(0, 2, 20), new(0, 3, 21), new(0, 4, 22), new(1, 2, 30), new(2, 2, 40), new(2, 5, 41)], Packed.Scored);

    [Fact]
    public void A_candidate_attends_to_the_prompt_and_itself()
    {
        var mask = Packed.Mask();
        string Row(int query) => string.Concat(Enumerable.Range(0, 6).Select(key => mask[query * 6 + key] == 0 ? '1' : '0'));
        Assert.Equal(["100000", "110000", "111000", "111100", "111110", "111001"], Enumerable.Range(0, 6).Select(Row));
    }

    [Fact]
    public void Scores_are_sums_by_candidate() => Assert.Equal([-6, -4, -11], Packed.Scores<float>([-1, -2, -3, -4, -5, -6]));

    [Fact]
    public void A_candidate_without_tokens_is_refused() => Assert.Throws<ArgumentException>(() => PackedPrompt.Pack([1], [[]]));
}
