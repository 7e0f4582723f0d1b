using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Reference;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ILoRA.Streaming.ModelTests.Inference;

public sealed class AdapterGraphTests : IDisposable
{
    private const double Tolerance = 1e-4;
    private readonly Backbone backbone = Backbone.Load(Golden.Own("llama"));
    private readonly AdapterFolder golden = AdapterFolder.Read(Golden.Own("ilora-llama"));
    private readonly GraphShape shape;
    private readonly BackboneSession session;
    private readonly AdapterTensors adapter;

    public AdapterGraphTests()
    {
        shape = GraphShape.Of(golden.Lora.Shape);
        session = BackboneSession.Open(backbone, shape, GraphPrecision.Exact, Device.Cpu, 1, NullLogger.Instance);
        adapter = AdapterTensors.Of(backbone.Config, shape, golden.Lora);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Packed_scores_and_both_losses_are_the_golden_ones(int number)
    {
        var expected = Case(number);

        double[] scores = [.. session.TitleScores(Prompt(expected), expected.Candidates, adapter)];

        var tokens = expected.Candidates[expected.Target].Length;
        Assert.InRange(Golden.Difference(scores, expected.Doubles("scores")), 0, Tolerance);
        Assert.Equal(expected.Doubles("listwise")[0], ReferenceScorer.ListwiseLoss(scores, expected.Target), Tolerance);
        Assert.Equal(expected.Doubles("lm")[0], ReferenceScorer.LanguageModelLoss(scores, expected.Target, tokens), Tolerance);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Qwen2_scores_and_prompt_ends_are_the_golden_ones(int number)
    {
        var (source, folder) = (Golden.Find("qwen2-bf16-sharded"), Golden.Find("ilora-qwen2-qkvo"));
        Assert.SkipWhen(source is null || folder is null, Golden.Missing);
        var (qwen, lora, expected) =
            (Backbone.Load(source!), AdapterFolder.Read(folder!), GoldenCase.Read(Golden.Expected(folder!), number));
        using var opened =
            BackboneSession.Open(qwen, GraphShape.Of(lora.Lora.Shape), GraphPrecision.Exact, Device.Cpu, 1, NullLogger.Instance);
        using var factors = AdapterTensors.Of(qwen.Config, opened.Shape, lora.Lora);
        var prompt = Prompt(expected, lora);

        Assert.InRange(Golden.Difference([.. opened.TitleScores(prompt, expected.Candidates, factors)], expected.Doubles("scores")), 0,
            Tolerance);
        Assert.InRange(
            Golden.Difference(opened.Logits(prompt with { Rows = [prompt.Ids.Length - 1] }, factors),
                expected.Doubles("logits_prompt_end")), 0, Tolerance);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Fast_attention_keeps_the_third_decimal_of_a_score(int number)
    {
        using var fast = BackboneSession.Open(backbone, shape, GraphPrecision.Fast, Device.Cpu, 1, NullLogger.Instance);

        var scores = fast.TitleScores(Prompt(Case(number)), Case(number).Candidates, adapter);

        Assert.InRange(Golden.Difference(scores, Case(number).Doubles("scores")), 0, 1e-3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Logits_at_the_prompts_end_are_the_golden_ones(int number)
    {
        var prompt = Prompt(Case(number));

        var logits = session.Logits(prompt with { Rows = [prompt.Ids.Length - 1] }, adapter);

        Assert.InRange(Golden.Difference(logits, Case(number).Doubles("logits_prompt_end")), 0, Tolerance);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Hidden_state_equals_that_of_the_reference(int number)
    {
        var prompt = Prompt(Case(number));
        var input = ForwardInput.Causal(prompt.Ids).WithItems(prompt.Slots, Case(number).SlotEmbeddings(golden.Projector!));
        var expected = new ReferenceForward(backbone).Hidden(input, new LoraCorrection(golden.Lora, prompt.RankScale))[^1];

        var hidden = session.Hidden(prompt, adapter, prompt.Ids.Length - 1);

        Assert.InRange(Golden.Difference(hidden, expected), 0, Tolerance);
    }

    [Fact]
    public async Task Concurrent_runs_of_several_versions_on_one_session_do_not_mix()
    {
        var versions = Enumerable.Range(0, 8).Select(number => AdapterTensors.Of(backbone.Config, shape, Scaled(1 + number))).ToArray();
        var prompt = Prompt(Case(0));
        var alone = Array.ConvertAll(versions, version => session.Hidden(prompt, version, 5));
        Assert.Equal(versions.Length, alone.Select(hidden => hidden[0]).Distinct().Count());

        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, (run, _) =>
        {
            Assert.Equal(alone[run % versions.Length], session.Hidden(prompt, versions[run % versions.Length], 5));
            return ValueTask.CompletedTask;
        });
        Array.ForEach(versions, version => version.Dispose());
    }

    [Fact]
    public async Task Version_disposed_during_runs_is_freed_after_the_last_run()
    {
        var version = AdapterTensors.Of(backbone.Config, shape, golden.Lora);
        var prompt = Prompt(Case(0));
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var runs = Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 4 }, (run, _) =>
        {
            // A run that starts too late throws; one that has started completes.
            if (Record.Exception(() => session.Hidden(prompt, version, 5)) is { } late)
                Assert.IsType<ObjectDisposedException>(late);
            started.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await started.Task;
        version.Dispose();
        await runs;

        Assert.Throws<ObjectDisposedException>(() => session.Hidden(prompt, version, 5));
    }

    [Fact]
    public void Adapter_of_another_rank_is_refused_with_its_site()
    {
        var error = Assert.Throws<InvalidDataException>(() => AdapterTensors.Of(backbone.Config, shape with { Rank = 4 }, golden.Lora));

        Assert.Contains("A.0.Q", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_outside_the_vocabulary_is_refused() =>
        Assert.Throws<ArgumentException>(
            () => session.Hidden(Prompt(Case(0)) with { Ids = [1 << 20], Slots = [], SlotEmbeddings = [] }, adapter, 0));

    public void Dispose()
    {
        adapter.Dispose();
        session.Dispose();
    }

    private static GoldenCase Case(int number) => GoldenCase.Read(Golden.Expected(Golden.Own("ilora-llama")), number);

    private PromptRun Prompt(GoldenCase expected) => Prompt(expected, golden);

    private static PromptRun Prompt(GoldenCase expected, AdapterFolder adapter) => new()
    {
        Ids = expected.Prompt,
        Slots = expected.Slots,
        SlotEmbeddings = [.. expected.SlotEmbeddings(adapter.Projector!).SelectMany(row => row)],
        RankScale = adapter.Lora.Shape.RankScale(adapter.Gate.Weights(expected.Z)),
    };

    private LoraWeights Scaled(float factor) => golden.Lora with
    {
        Pairs = golden.Lora.Pairs.ToDictionary(pair => pair.Key,
            pair => new LoraPair(pair.Value.A, Array.ConvertAll(pair.Value.B, value => value * factor))),
    };
}
