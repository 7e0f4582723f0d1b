using System.Runtime.InteropServices;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Tests.Model.Snapshots;

public sealed class NeighbourTensorsTests
{
    [Fact]
    public void Neighbours_are_read_back_as_written()
    {
        var read = NeighbourTensors.Read(SafetensorsFile.Parse(NeighbourTensors.Write(new([0, 2, 2, 3], [1, 2, 0], [1, 0.5f, 3])), "test"));
        Assert.Equal([0, 2, 2, 3], read.Starts);
        Assert.Equal([1, 2, 0], read.Rows);
        Assert.Equal([1, 0.5f, 3], read.Weights);
    }

    [Theory]
    [InlineData(new[] { 0, 2, 1 }, new[] { 0 }, "must rise")]
    [InlineData(new[] { 1, 1 }, new[] { 0 }, "must rise")]
    [InlineData(new[] { 0, 2 }, new[] { 0 }, "must rise")]
    [InlineData(new int[0], new int[0], "must rise")]
    [InlineData(new[] { 0, 1 }, new[] { 1 }, "neighbour 1 is no row of 1")]
    [InlineData(new[] { 0, 1 }, new[] { -7 }, "neighbour -7")]
    [InlineData(new[] { 0, 2, 2 }, new[] { 1, 1 }, "row 0 must rise")]
    [InlineData(new[] { 0, 0, 2 }, new[] { 1, 0 }, "row 1 must rise")]
    public void An_inconsistent_table_is_refused(int[] starts, int[] rows, string says)
    {
        var file = SafetensorsFile.Parse(NeighbourTensors.Write(new(starts, rows, new float[rows.Length])), "test");
        Assert.Contains(says, Assert.Throws<InvalidDataException>(() => NeighbourTensors.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_weight_is_refused()
    {
        var file = SafetensorsFile.Parse(NeighbourTensors.Write(new([0, 1], [0], [-1])), "test");
        Assert.Contains("below 0", Assert.Throws<InvalidDataException>(() => NeighbourTensors.Read(file)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_whole_integers_are_refused()
    {
        var bytes = SafetensorsWriter.Write([new Tensor("neighbours.weights", [0], [])], null,
            new Dictionary<string, byte[]>
            {
                ["neighbours.starts"] = [0, 0, 0],
                ["neighbours.rows"] = MemoryMarshal.AsBytes(Array.Empty<int>().AsSpan()).ToArray()
            });
        Assert.Contains("3 bytes",
            Assert.Throws<InvalidDataException>(() => NeighbourTensors.Read(SafetensorsFile.Parse(bytes, "test"))).Message,
            StringComparison.Ordinal);
    }
}
