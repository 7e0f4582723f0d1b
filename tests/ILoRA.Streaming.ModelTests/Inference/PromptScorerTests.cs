using System.Globalization;
using System.Text.Json;
using ILoRA.Streaming.Inference.Scoring;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ILoRA.Streaming.ModelTests.Inference;

public sealed class PromptScorerTests : IDisposable
{
    private static readonly Backbone Backbone = Backbone.Load(Golden.Own("llama"));
    private readonly PromptScorer scorer = new(Backbone, AdapterFolder.Read(Golden.Own("ilora-llama")), Device.Cpu, 1, NullLogger.Instance);

    [Fact]
    public void Lines_are_scored_in_their_order_with_their_gates()
    {
        var cases = Enumerable.Range(0, 3).Select(Case).ToArray();

        var results = scorer.Score(cases.Select(Line), "cases").ToArray();

        Assert.Equal(cases.Length, results.Length);
        foreach (var (expected, result) in cases.Zip(results))
        {
            Assert.InRange(Golden.Difference(result.LogLikelihood, expected.Doubles("scores")), 0, 1e-4);
            Assert.InRange(Golden.Difference(result.Gate!, expected.Doubles("gate")), 0, 1e-5);
        }
    }

    [Fact]
    public void Gate_with_a_hidden_layer_reads_the_sequence_vector_of_a_line()
    {
        var linear = AdapterFolder.Read(Golden.Own("ilora-llama"));
        var (width, random) = (linear.Gate.Width, new Random(1));
        var gate = linear.Gate with { Hidden = new(Values(width * width), Values(width)) };
        using var deep = new PromptScorer(Backbone, linear with { Gate = gate }, Device.Cpu, 1, NullLogger.Instance);
        var line = Line(Case(0));

        var result = deep.Score([line], "cases").Single();
        var weighed =
            deep.Score([line.Replace("\"z\":" + Json(Case(0).Z), "\"gate\":" + Json(gate.Weights(Case(0).Z)), StringComparison.Ordinal)],
                "cases").Single();

        Assert.Equal(gate.Weights(Case(0).Z), result.Gate);
        Assert.Equal(weighed.LogLikelihood, result.LogLikelihood);
        Assert.NotEqual(scorer.Score([line], "cases").Single().LogLikelihood, result.LogLikelihood);

        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    [Fact]
    public void Text_has_the_scores_of_its_tokens()
    {
        var text = new ScoreRequest { Prompt = "red mug", Candidates = ["blue mug", "tea"] };
        var ids =
            new ScoreRequest
            {
                PromptIds = Backbone.Tokenizer.Encode("red mug"),
                CandidateIds = [Backbone.Tokenizer.Encode("blue mug"), Backbone.Tokenizer.Encode("tea")]
            };

        Assert.Equal(scorer.Score(ids).LogLikelihood, scorer.Score(text).LogLikelihood);
    }

    [Fact]
    public void Candidates_split_over_several_runs_have_the_scores_of_single_runs()
    {
        var prompt = Case(0).Prompt;
        int[][] candidates = [.. Enumerable.Range(0, 150).Select(i => new[] { 3 + i % 7, 20 + i, 5, 6 })];

        var together = scorer.Score(new ScoreRequest { PromptIds = prompt, CandidateIds = candidates }).LogLikelihood;

        foreach (var i in new[] { 0, 127, 128, 149 })
            Assert.Equal(scorer.Score(new ScoreRequest { PromptIds = prompt, CandidateIds = [candidates[i]] }).LogLikelihood[0],
                together[i], 1e-3f);
    }

    [Theory]
    [InlineData("{}", "prompt")]
    [InlineData("""{"prompt_ids":[1]}""", "candidate")]
    [InlineData("""{"prompt_ids":[1],"candidate_ids":[[]]}""", "empty")]
    [InlineData("""{"prompt_ids":[1],"candidate_ids":[[99999]]}""", "99999")]
    [InlineData("""{"prompt_ids":[1],"candidate_ids":[[1,99999]]}""", "99999")]
    [InlineData("""{"prompt_ids":[1],"candidate_ids":[[2]],"gate":[1]}""", "1 weights")]
    [InlineData("""{"prompt_ids":[1],"candidate_ids":[[2]],"item_slots":[4],"item_rows":[[1]]}""", "slot 4")]
    [InlineData("""{"prompt_ids":[1],"candidate_ids":[[2]],"item_slots":[0],"item_rows":[[1]]}""", "1 numbers")]
    [InlineData("""{"prompt_ids":"one"}""", "valid request")]
    public void Line_that_cannot_be_scored_is_named_with_the_reason(string line, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => scorer.Score(["", line], "input.jsonl").ToList());

        Assert.StartsWith("input.jsonl, line 2: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bare_backbone_scores_without_a_gate()
    {
        using var bare = new PromptScorer(Backbone, null, Device.Cpu, 1, NullLogger.Instance);

        var result = bare.Score(new ScoreRequest { PromptIds = [1, 2], CandidateIds = [[3], [4]] });

        Assert.Null(result.Gate);
        Assert.StartsWith("""{"log_likelihood":[-""", result.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("gate", result.ToJson(), StringComparison.Ordinal);
    }

    public void Dispose() => scorer.Dispose();

    private static GoldenCase Case(int number) => GoldenCase.Read(Golden.Expected(Golden.Own("ilora-llama")), number);

    private static string Line(GoldenCase expected) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"prompt_ids":{{Json(expected.Prompt)}},"candidate_ids":{{Json(expected.Candidates)}},"z":{{Json(expected.Z)}},"item_slots":{{Json(expected.Slots)}},"item_rows":{{Json(expected.ItemRows)}}}
        """);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);
}
