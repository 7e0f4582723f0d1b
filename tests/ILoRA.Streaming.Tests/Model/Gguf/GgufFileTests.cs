using System.Numerics.Tensors;
using System.Text.Json;
using ILoRA.Streaming.Model.Gguf;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Model.Gguf;

public sealed class GgufFileTests
{
    [Fact]
    public void Every_tensor_of_SmolLM2_equals_the_golden_values()
    {
        var expected = Golden.Shared("golden", "smollm2", "tensors.jsonl");
        Assert.SkipWhen(expected is null || Golden.SmolLm2 is null, Golden.Missing);
        var file = GgufFile.Open(Golden.SmolLm2!);
        var lines = File.ReadLines(expected!).ToList();
        Assert.Equal(lines.Count, file.Names.Count);
        Assert.All(lines, line =>
        {
            using var json = JsonDocument.Parse(line);
            var golden = json.RootElement;
            var name = golden.GetProperty("name").GetString()!;
            var values = Array.ConvertAll(file.Read(name).Values, value => (double)value);
            Assert.Equal(golden.GetProperty("type").GetString(), file.Type(name));
            Assert.Equal(golden.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()), file.Shape(name));
            AssertNear(golden.GetProperty("first8").EnumerateArray().Select(value => value.GetDouble()), values.Take(8));
            var magnitudes = golden.GetProperty("sum_abs").GetDouble();
            Assert.Equal(magnitudes, TensorPrimitives.SumOfMagnitudes<double>(values), 1e-5 * magnitudes);
            Assert.Equal(golden.GetProperty("sum").GetDouble(), TensorPrimitives.Sum<double>(values), 1e-5 * magnitudes);
        });
    }

    [Fact]
    public void The_configuration_of_SmolLM2_is_read()
    {
        Assert.SkipWhen(Golden.SmolLm2 is null, Golden.Missing);
        var config = Backbone.Load(Golden.SmolLm2!).Config;
        Assert.Equal(("llama", 30, 576, 9, 3, 64),
            (config.Family, config.Layers, config.Hidden, config.Heads, config.KvHeads, config.HeadSize));
        Assert.Equal((1536, 49152, 8192, 100_000, true),
            (config.FeedForward, config.Vocabulary, config.MaxPositions, config.RopeTheta, config.Tied));
    }

    private static void AssertNear(IEnumerable<double> expected, IEnumerable<double> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Abs(pair.First)));
}
