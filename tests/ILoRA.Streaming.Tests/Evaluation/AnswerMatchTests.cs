using System.Text.Json;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.Tests.Evaluation;

public sealed class AnswerMatchTests
{
    [Theory]
    [InlineData("ok go", 0)]
    [InlineData("I say: OK Go!", 0)]
    [InlineData("Grant Green", 1)]
    [InlineData("nobody", null)]
    [InlineData("OK Go and Grant Green", null)]
    [InlineData("", null)]
    public void An_answer_that_contains_exactly_one_title_matches_it(string answer, int? place) =>
        Assert.Equal(place, AnswerMatch.Of(answer, ["OK Go", " Grant Green "]));

    [Fact]
    public void An_empty_title_is_contained_in_every_answer()
    {
        Assert.Equal(1, AnswerMatch.Of("anything", ["OK Go", ""]));
        Assert.Null(AnswerMatch.Of("OK Go", ["OK Go", ""]));
    }

    /// <summary>The authors' results of their own runs: the share of valid answers, and of correct answers among these.</summary>
    [Theory]
    [InlineData("lastfm", 1.0000, 0.4426)]
    [InlineData("steam", 0.9696, 0.4207)]
    public void Published_answers_give_the_published_results(string set, double valid, double right)
    {
        var file = Golden.Shared("data", "llara_outputs", $"{set}_val.jsonl");
        Assert.SkipUnless(File.Exists(file), "the shared data are not beside the repository (set ILORA_SHARED)");
        var matches = File.ReadLines(file).Select(line => JsonSerializer.Deserialize<Answer>(line)!)
            .Select(answer => (answer.real, match: AnswerMatch.Of(answer.generate, answer.cans) is { } place ? answer.cans[place] : null))
            .ToArray();
        var named = matches.Where(answer => answer.match is not null).ToArray();
        Assert.Equal(valid, (double)named.Length / matches.Length, 5e-5);
        Assert.Equal(right, (double)named.Count(answer => answer.match == answer.real) / named.Length, 5e-5);
    }

    private sealed record Answer(string generate, string real, string[] cans);
}
