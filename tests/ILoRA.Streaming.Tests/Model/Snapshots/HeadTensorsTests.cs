using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Model.Snapshots;

public sealed class HeadTensorsTests
{
    private static readonly ScoreHead Head = SmallSnapshot.Create().Head;
    private static readonly Tensor[] Tensors = [.. HeadTensors.Write(Head)];

    [Fact]
    public void The_weight_of_each_term_is_stored_under_its_name()
    {
        var read = Read(Tensors);
        Assert.Equal(Head.Weights, read.Weights);
        Assert.Equal(
            ["head.weight.encoder", "head.weight.new", "head.weight.popularity", "head.weight.repeat", "head.weight.similar",
                "head.weight.together"],
            Tensors.Select(tensor => tensor.Name).Where(name => name.StartsWith("head.weight.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_term_that_is_missing_in_the_file_has_weight_zero()
    {
        var older = Read([.. Tensors.Where(tensor => tensor.Name != "head.weight.together")]);
        Assert.Equal(Head.Weights.With(ScoreTerm.CoOccurrence, 0), older.Weights);
    }

    [Fact]
    public void An_unknown_term_is_refused_by_name()
    {
        var error = Assert.Throws<InvalidDataException>(() => Read([.. Tensors, new Tensor("head.weight.weather", [1], [1])]));
        Assert.Contains("head.weight.weather", error.Message, StringComparison.Ordinal);
        Assert.Contains("together", error.Message, StringComparison.Ordinal);
    }

    private static ScoreHead Read(IReadOnlyCollection<Tensor> tensors) =>
        HeadTensors.Read(SafetensorsFile.Parse(SafetensorsWriter.Write(tensors, null), "head"));
}
