using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class TitleScorerTests
{
    /// <summary>
    /// Prompts of different lengths and numbers of candidates, each with its own gate: padding and batching must not change scores.
    /// </summary>
    [Fact]
    public void Scores_in_a_batch_equal_scores_of_single_prompts()
    {
        using var tiny = new TinyModel();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = new TorchModel(tiny.Torch, tiny.Start);
        foreach (var (_, factor) in model.Lora.Parameters())
            factor.Overwrite(RandomValues.Normal(new Random(5), (int)factor.numel(), 0.3f));
        var scorer = new TorchTitleScorer(tiny.Torch);
        PackedPrompt[] packed = [PackedPrompt.Pack([3, 9, 4, 7, 11], [[5, 6], [8]]), PackedPrompt.Pack([2, 8], [[4, 4, 9], [7, 3], [5]]),
            PackedPrompt.Pack([6], [[1, 2, 3, 4, 5, 6, 7, 8]])];
        var scales = tensor(RandomValues.Uniform(new Random(6), 3 * model.Lora.Shape.Rank, 2), [3, 1, model.Lora.Shape.Rank]);
        var together = scorer.Scores(packed, Embed(packed), model.Lora, scales);
        for (var b = 0; b < packed.Length; b++)
        {
            var alone = scorer.Scores(packed[b], Embed([packed[b]]), model.Lora, scales[b].unsqueeze(0)).Values();
            Assert.Equal(packed[b].Candidates, alone.Length);
            Assert.All(alone.Zip(together[b].Values()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }

        Tensor Embed(PackedPrompt[] prompts)
        {
            var length = prompts.Max(prompt => prompt.Ids.Length);
            return tiny.Torch.Embed(
                tensor([.. prompts.SelectMany(
                    prompt => Enumerable.Range(0, length).Select(t => t < prompt.Ids.Length ? prompt.Ids[t] : 0L))],
                        [prompts.Length, length]));
        }
    }
}
