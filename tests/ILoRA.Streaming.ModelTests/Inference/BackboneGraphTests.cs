using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ILoRA.Streaming.ModelTests.Inference;

public sealed class BackboneGraphTests
{
    private const double Tolerance = 1e-4;
    private static readonly GraphShape NoAdapter = new(1, []);

    [Theory]
    [InlineData("llama", GraphPrecision.Fast)]
    [InlineData("llama", GraphPrecision.Exact)]
    [InlineData("llama3-rope", GraphPrecision.Fast)]
    [InlineData("llama3-rope", GraphPrecision.Exact)]
    [InlineData("qwen2-bf16-sharded", GraphPrecision.Fast)]
    [InlineData("qwen2-bf16-sharded", GraphPrecision.Exact)]
    public void Logits_are_the_golden_ones(string name, GraphPrecision precision)
    {
        var folder = Golden.Find(name);
        Assert.SkipWhen(folder is null, Golden.Missing);
        CheckLogits(folder!, precision);
    }

    private static void CheckLogits(string folder, GraphPrecision precision)
    {
        var expected = Golden.Expected(folder);
        var backbone = Backbone.Load(folder);
        using var session = BackboneSession.Open(backbone, NoAdapter, precision, Device.Cpu, 1, NullLogger.Instance);
        using var none = AdapterTensors.Of(backbone.Config, NoAdapter, null);

        for (var i = 0; expected.Contains($"{i}.ids"); i++)
        {
            var ids = Array.ConvertAll(expected.ReadInt64($"{i}.ids"), id => (int)id);
            var want = expected.ReadDoubles($"{i}.logits");
            var rows = want.Length / backbone.Config.Vocabulary;
            var run = new PromptRun { Ids = ids, RankScale = [], Rows = [.. Enumerable.Range(ids.Length - rows, rows)] };

            Assert.InRange(Golden.Difference(session.Logits(run, none), want), 0, Tolerance);
        }
    }
}
