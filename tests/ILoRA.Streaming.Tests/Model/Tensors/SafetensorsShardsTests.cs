using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Tests.Model.Tensors;

public sealed class SafetensorsShardsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("shards").FullName;

    public SafetensorsShardsTests()
    {
        File.WriteAllBytes(Path.Combine(folder, "a.safetensors"), SafetensorsWriter.Write([new Tensor("x", [2], [1, 2])], null));
        File.WriteAllBytes(Path.Combine(folder, "b.safetensors"), SafetensorsWriter.Write([new Tensor("y", [1], [3])], null));
    }

    [Fact]
    public void Tensors_come_from_their_shards()
    {
        var shards = Open("""{"weight_map":{"y":"b.safetensors","x":"a.safetensors"}}""");

        Assert.Equal([1f, 2], shards.Read("x").Values);
        Assert.Equal([1], shards.Shape("y"));
        Assert.Equal(["a.safetensors", "b.safetensors"], shards.Files.Select(Path.GetFileName));
        Assert.Contains("'z' is missing", Assert.Throws<InvalidDataException>(() => shards.Read("z")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"weight_map":{"x":"../a.safetensors"}}""", "expected the name of a safetensors file beside it")]
    [InlineData("""{"weight_map":{"x":"/etc/passwd"}}""", "expected the name of a safetensors file beside it")]
    [InlineData("""{"weight_map":{"x":""}}""", "expected the name of a safetensors file beside it")]
    [InlineData("""{"weight_map":{"x":7}}""", "no index of shards")]
    [InlineData("""{"weight_map":{"x":"c.safetensors"}}""", "c.safetensors does not exist")]
    [InlineData("""{"weight_map":{"y":"a.safetensors"}}""", "a.safetensors, which does not hold it")]
    [InlineData("""{"weight_map":[]}""", "no index of shards")]
    [InlineData("{}", "no index of shards")]
    [InlineData("[", "no index of shards")]
    public void An_index_that_does_not_match_its_shards_is_refused_with_the_reason(string index, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Open(index)).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(folder, true);

    private SafetensorsShards Open(string index)
    {
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), index);
        return SafetensorsShards.Open(Path.Combine(folder, "model.safetensors.index.json"));
    }
}
