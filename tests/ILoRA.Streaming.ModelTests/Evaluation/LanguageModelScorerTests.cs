using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Reference;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.ModelTests.Training;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Encoders;
using ILoRA.Streaming.Training.Evaluation;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using ILoRA.Streaming.Training.Trials;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Evaluation;

public sealed class LanguageModelScorerTests : IDisposable
{
    private static readonly int[] Everything = [.. Enumerable.Range(0, TinyModel.Items)];
    private static readonly RankingCase[] Cases = [new(0, [1, 2, 3], 4, [Everything, [.. Everything.Reverse()]]),
        new(1, [7], 0, [Everything, Everything])];
    private readonly TinyModel tiny = new(PromptStyle.Text);
    private readonly EvaluatedBackbone backbone;

    public LanguageModelScorerTests()
    {
        string[] ids = [.. Everything.Select(item => $"i{item}")];
        backbone = new(tiny.Torch, tiny.Backbone, new EvaluationSet(ids, [.. ids.Select(id => tiny.Titles[id])], Cases));
    }

    public void Dispose() => tiny.Dispose();

    [Fact]
    public void The_served_method_ranks_as_in_serving()
    {
        using var scorer = new AdapterScorer(backbone, tiny.Start);
        using var catalogue = new TorchCatalogue(tiny.Backbone, CPU);
        foreach (var (id, title) in tiny.Titles)
            catalogue.Set(id, title);
        using var served = new ServedSnapshot(tiny.Torch, tiny.Backbone, catalogue, tiny.Start);
        var expected =
            served.Rank([.. Cases.Select(row => new Sample([.. row.History.Select(item => $"i{item}")], $"i{row.Target}"))],
                [.. Cases.Select(_ => Array.Empty<int>())], new HashSet<TrialScore> { TrialScore.Served });
        Assert.Equal(expected[TrialScore.Served].Select(rank => (int)rank.Catalogue),
            Run(scorer.Served("")).Ranks.Select(draws => draws[0]));
    }

    [Fact]
    public void The_head_method_does_not_depend_on_the_encoders_logits()
    {
        // Changes the sequence vector and thus the logits, but not the item features.
        var other =
            tiny.Start.Encoder with
            {
                Tensors =
                tiny.Start.Encoder.Tensors.ToDictionary(pair => pair.Key,
                    pair => pair.Key == "ln_3.bias" ? [.. pair.Value.Select((_, row) => (float)row)] : pair.Value)
            };
        using var scorer = new AdapterScorer(backbone, tiny.Start);
        using var changed = new AdapterScorer(backbone, tiny.Start with { Encoder = other });
        AssertNear(Run(scorer.Head("")).Scores, Run(changed.Head("")).Scores, 1e-4);
        Assert.NotEqual(Run(scorer.Served("")).Scores[0][0], Run(changed.Served("")).Scores[0][0]);
    }

    /// <summary>The correction of an untrained LoRA is zero, so the reference without LoRA must agree.</summary>
    [Fact]
    public void The_title_score_is_the_log_likelihood_after_a_prompt_with_the_candidates()
    {
        using var scorer = new AdapterScorer(backbone, tiny.Start with { Scorer = Scorer.Title });
        var prompt = backbone.Prompt(Cases[0], Cases[0].Draws[1]);
        var expected =
            new ReferenceScorer(new ReferenceForward(tiny.Backbone)).Scores(
                PackedPrompt.Pack(prompt.Ids, [.. Cases[0].Draws[1].Select(backbone.Answer)]), [], [], null);
        Assert.True(Golden.Difference(Run(scorer.Title("")).Scores[0][1], expected) < 1e-3);
    }

    [Fact]
    public void Title_weights_combine_log_likelihood_and_title_prior()
    {
        using var raw = new AdapterScorer(backbone, tiny.Start with { Scorer = Scorer.Title });
        using var weighed =
            new AdapterScorer(backbone,
                tiny.Start with { Scorer = Scorer.Title, Head = tiny.Start.Head with { TitleWeights = new(0.25f, 0.5f) } });
        var priors = new ReferenceScorer(new ReferenceForward(tiny.Backbone)).Scores(
            PackedPrompt.Pack(HistoryPrompt.Empty(tiny.Backbone.Tokenizer), [.. Cases[0].Draws[0].Select(backbone.Answer)]), [], [], null);
        var expected = Run(raw.Title("")).Scores[0][0].Zip(priors, (likelihood, prior) => 0.25 * likelihood - 0.5 * prior).ToArray();
        Assert.True(Golden.Difference(Run(weighed.Title("")).Scores[0][0], expected) < 1e-3);
    }

    [Fact]
    public void Zero_shot_scores_are_log_likelihoods_normalised_in_three_ways()
    {
        var scorer = new ZeroShotScorer(backbone);
        var (sum, mean, lessPrior) = (Run(scorer.Sum).Scores[0][0], Run(scorer.PerToken).Scores[0][0], Run(scorer.LessPrior).Scores[0][0]);
        var reference = new ReferenceScorer(new ReferenceForward(tiny.Backbone));
        double[] Likelihoods(RankingCase row)
        {
            var prompt = backbone.Prompt(row, null);
            return reference.Scores(
                PackedPrompt.Pack([.. prompt.Ids.Where((_, at) => !prompt.ItemSlots.Contains(at))],
                    [.. Everything.Select(backbone.Answer)]), [], [], null);
        }
        var (expected, priors) = (Likelihoods(Cases[0]), Likelihoods(Cases[0] with { History = [] }));
        Assert.True(Golden.Difference(sum, expected) < 1e-3);
        Assert.True(Golden.Difference(mean, [.. expected.Select((value, item) => value / backbone.Answer(item).Length)]) < 1e-3);
        Assert.True(Golden.Difference(lessPrior, [.. expected.Zip(priors, (value, without) => value - without)]) < 1e-3);
    }

    [Fact]
    public void The_bag_of_titles_ranks_an_equal_title_first()
    {
        var set = backbone.Set with { Titles = [.. Everything.Select(item => item is 3 or 4 ? "BLUE ZEBRA" : backbone.Set.Titles[item])] };
        var scores = new TitleBag(backbone with { Set = set }).Method.Score(new RankingCase(0, [3], 4, [[1, 4, 5]]))[0];
        Assert.Equal(1, scores[1], 1e-4f);
        Assert.True(scores[0] < 0.5 && scores[2] < 0.5);
    }

    [Fact]
    public void A_generated_answer_is_one_line()
    {
        using var scorer = new AdapterScorer(backbone, tiny.Start);
        var answers = new GreedyAnswers(backbone, scorer);
        Assert.DoesNotContain('\n', answers.Answer(Cases[0]));
        var result = answers.Run(Cases, stop: TestContext.Current.CancellationToken);
        Assert.Equal(2, result.Total);
        Assert.InRange(result.Right, 0, result.Valid);
    }

    [Fact]
    public void A_history_without_known_items_gets_equal_scores()
    {
        using var scorer =
            new AdapterScorer(backbone,
                tiny.Start with { Items = tiny.Start.Items with { Ids = [.. Everything.Select(item => $"x{item}")] } });
        Assert.All(Run(scorer.Served("")).Scores[0][0], score => Assert.Equal(0, score));
        Assert.All(Run(scorer.Title("")).Scores[0][0], score => Assert.True(float.IsFinite(score) && score < 0));
    }

    [Fact]
    public void A_PEFT_folder_is_scored_with_a_given_encoder()
    {
        var folder = Golden.Own("ilora-llama");
        var width = AdapterFolder.Read(folder).Projector!.Width;
        Assert.Contains("--encoder",
            Assert.Throws<InvalidDataException>(() => AdapterSource.Open(folder, backbone.Source, [.. backbone.Set.Titles], null)).Message,
            StringComparison.Ordinal);
        var snapshot =
            AdapterSource.Open(folder, backbone.Source, [.. backbone.Set.Titles],
                (InitialSasRec.Create(TinyModel.Items, new Random(1), width), tiny.Start.Items));
        Assert.Equal((Scorer.Title, PromptStyle.Hybrid), (snapshot.Scorer, snapshot.Prompt));
        using var scorer = new AdapterScorer(backbone, snapshot);
        Assert.All(Run(scorer.Title("")).Scores[1][0], score => Assert.True(float.IsFinite(score)));
    }

    private static MethodResult Run(Method method) => method.Run(Cases, TimeProvider.System, stop: TestContext.Current.CancellationToken);

    private static void AssertNear(float[][][] a, float[][][] b, double tolerance) =>
        Assert.All(a.SelectMany(row => row).SelectMany(draw => draw).Zip(b.SelectMany(row => row).SelectMany(draw => draw)),
            pair => Assert.Equal(pair.First, pair.Second, tolerance));
}
