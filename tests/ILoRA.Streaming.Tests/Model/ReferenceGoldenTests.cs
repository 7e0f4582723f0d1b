using System.Text.Json;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Reference;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Model;

public sealed class ReferenceGoldenTests
{
    [Theory]
    [InlineData("llama")]
    [InlineData("llama3-rope")]
    [InlineData("qwen2-bf16-sharded")]
    public void Logits_equal_the_golden_ones(string name)
    {
        var folder = Golden.Find(name);
        Assert.SkipUnless(folder is not null, Golden.Missing);
        CheckLogits(folder!);
    }

    [Theory]
    [InlineData("llama", "ilora-llama", 0)]
    [InlineData("llama", "ilora-llama", 1)]
    [InlineData("llama", "ilora-llama", 2)]
    [InlineData("qwen2-bf16-sharded", "ilora-qwen2-qkvo", 0)]
    [InlineData("qwen2-bf16-sharded", "ilora-qwen2-qkvo", 1)]
    [InlineData("qwen2-bf16-sharded", "ilora-qwen2-qkvo", 2)]
    public void Instance_wise_scores_and_losses_equal_the_golden_ones(string name, string adapterName, int number)
    {
        var (backbone, folder) = (Golden.Find(name), Golden.Find(adapterName));
        Assert.SkipWhen(backbone is null || folder is null, Golden.Missing);
        var adapter = AdapterFolder.Read(folder!);
        var golden = GoldenCase.Read(Golden.Expected(folder!), number);
        var scorer = new ReferenceScorer(new ReferenceForward(Backbone.Load(backbone!)));
        var gate = adapter.Gate.Weights(golden.Z);
        var correction = new LoraCorrection(adapter.Lora, adapter.Lora.Shape.RankScale(gate));

        var scores =
            scorer.Scores(PackedPrompt.Pack(golden.Prompt, golden.Candidates), golden.Slots, golden.SlotEmbeddings(adapter.Projector!),
                correction);

        Assert.InRange(Golden.Difference(gate, golden.Doubles("gate")), 0, 1e-4);
        Assert.InRange(Golden.Difference(scores, golden.Doubles("scores")), 0, 1e-4);
        Assert.Equal(golden.Doubles("listwise")[0], ReferenceScorer.ListwiseLoss(scores, golden.Target), 1e-4);
        Assert.Equal(golden.Doubles("lm")[0],
            ReferenceScorer.LanguageModelLoss(scores, golden.Target, golden.Candidates[golden.Target].Length), 1e-4);
    }

    [Fact]
    public void A_uniform_gate_is_ordinary_lora()
    {
        var adapter = AdapterFolder.Read(Golden.Own("ilora-llama"));
        var expected = Golden.Expected(Golden.Own("ilora-llama"));
        var forward = new ReferenceForward(Backbone.Load(Golden.Own("llama")));
        var shape = adapter.Lora.Shape;
        var uniform = Gate.Uniform(shape.Experts, 64).Weights([]);

        var hidden =
            forward.Hidden(ForwardInput.Causal(Array.ConvertAll(expected.ReadInt64("uniform.ids"), id => (int)id)),
                new LoraCorrection(adapter.Lora, shape.RankScale(uniform)));

        Assert.All(shape.RankScale(uniform), scale => Assert.Equal(shape.Scale, scale, 1e-6f));
        Assert.InRange(Golden.Difference([.. hidden.SelectMany(row => forward.Logits(row))], expected.ReadDoubles("uniform.logits")), 0,
            1e-4);
    }

    [Fact]
    public void Packed_candidates_have_the_scores_of_separate_sequences()
    {
        var golden = GoldenCase.Read(Golden.Expected(Golden.Own("ilora-llama")), 1);
        var scorer = new ReferenceScorer(new ReferenceForward(Backbone.Load(Golden.Own("llama"))));

        var packed = scorer.Scores(PackedPrompt.Pack(golden.Prompt, golden.Candidates), [], [], null);
        var single =
            golden.Candidates.Select(candidate => scorer.Scores(PackedPrompt.Pack(golden.Prompt, [candidate]), [], [], null)[0]).ToArray();

        Assert.InRange(Golden.Difference(packed, single), 0, 1e-4);
    }

    [Theory]
    [InlineData("lastfm")]
    [InlineData("movielens")]
    [InlineData("steam")]
    public void Sequence_vectors_and_top_ten_equal_the_golden_ones(string set)
    {
        var data = Golden.Shared("data", "sasrec");
        Assert.SkipUnless(data is not null, Golden.Missing);
        var encoder = SasRec.Read(SafetensorsFile.Open(Path.Combine(data!, set + ".safetensors")));
        Assert.All(File.ReadLines(Path.Combine(data!, set + ".expected.jsonl")), line =>
        {
            using var json = JsonDocument.Parse(line);
            var z = encoder.Encode(Numbers(json, "seq", value => value.GetInt32()));
            var logits = encoder.Logits(z);
            var top = Numbers(json, "top10", value => value.GetInt32());
            Assert.InRange(Golden.Difference(z, Numbers(json, "h", value => value.GetDouble())), 0, 5e-5);
            Assert.Equal(top, Streaming.Model.Scoring.TopK.Of(logits, 10));
            Assert.InRange(
                Golden.Difference(Array.ConvertAll(top, item => logits[item]), Numbers(json, "top10_logits", value => value.GetDouble())),
                0, 1e-4);
        });
    }

    private static T[] Numbers<T>(JsonDocument json, string name, Func<JsonElement, T> read) =>
        [.. json.RootElement.GetProperty(name).EnumerateArray().Select(read)];

    private static void CheckLogits(string folder)
    {
        var forward = new ReferenceForward(Backbone.Load(folder));
        var expected = Golden.Expected(folder);
        var cases = expected.Names.Where(name => name.EndsWith(".ids", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(cases);
        Assert.All(cases, name =>
        {
            var hidden = forward.Hidden(ForwardInput.Causal(Array.ConvertAll(expected.ReadInt64(name), id => (int)id)), null);
            var logits = expected.ReadDoubles(name.Replace(".ids", ".logits", StringComparison.Ordinal));
            // The golden file has only the last rows of the longest case.
            var rows = expected.Shape(name.Replace(".ids", ".logits", StringComparison.Ordinal))[0];
            Assert.InRange(Golden.Difference([.. hidden[^rows..].SelectMany(row => forward.Logits(row))], logits), 0, 1e-4);
        });
    }
}
