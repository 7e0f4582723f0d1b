using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Tests.Model.Gguf;

namespace ILoRA.Streaming.Tests.Model.Tensors;

/// <summary>Tests that reading some rows of a matrix gives the values of reading the whole matrix, in all file formats.</summary>
public sealed class RowReadingTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rows").FullName;

    [Fact]
    public void Rows_of_a_Hugging_Face_folder_are_read() => Same(Backbone.Load(Golden.Own("llama")));

    [Fact]
    public void Rows_of_random_weights_are_read() => Same(Backbone.Load(Golden.Own("llama"), randomSeed: 3));

    [Fact]
    public void Rows_of_a_GGUF_file_with_interleaved_q_and_k_are_read()
    {
        var file = Path.Combine(folder, "model.gguf");
        File.WriteAllBytes(file,
            GgufBuilder.Of(Backbone.Load(Golden.Own("llama")), File.ReadAllText(Path.Combine(Golden.Own("llama"), "tokenizer.json")))
                .Build());
        Same(Backbone.Load(file));
    }

    [Fact]
    public void Rows_of_quantised_blocks_are_read()
    {
        Assert.SkipWhen(Golden.SmolLm2 is null, Golden.Missing);
        // Without the embedding table: so much garbage would disturb the tests that measure memory.
        Same(Backbone.Load(Golden.SmolLm2!, layers: 1), 1 << 20);
    }

    [Theory]
    [InlineData("BF16", 2)]
    [InlineData("F16", 2)]
    [InlineData("F64", 8)]
    public void Rows_of_other_element_types_are_read(string type, int size)
    {
        var header = $$$"""{"m":{"dtype":"{{{type}}}","shape":[3,2],"data_offsets":[0,{{{6 * size}}}]}}""";
        byte[] data = [.. Enumerable.Range(0, 6 * size).Select(at => (byte)(at % 60))];
        var file =
            SafetensorsFile.Parse(
                (byte[])[.. BitConverter.GetBytes((ulong)header.Length), .. System.Text.Encoding.UTF8.GetBytes(header), .. data], "test");
        Assert.Equal(file.Read("m").Values[2..6], Rows(file, "m", 1, 4));
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(2, 4)]
    [InlineData(0, 3)]
    [InlineData(3, 2)]
    public void Rows_outside_the_matrix_are_refused(int first, int count)
    {
        var file =
            SafetensorsFile.Parse(
                SafetensorsWriter.Write([new Tensor("m", [3, 2], new float[6]), new Tensor("v", [6], new float[6])], null), "test");
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows(file, "m", first, count));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows(file, "v", 0, count));
    }

    public void Dispose() => Directory.Delete(folder, true);

    private static void Same(Backbone backbone, int most = int.MaxValue) =>
        Assert.All(BackboneTensor.All(backbone.Config).Where(tensor => tensor.Shape is [var rows, var width] && rows * width <= most),
            tensor =>
    {
        var whole = backbone.Read(tensor.Name);
        foreach (var (first, count) in new[] { (0, tensor.Shape[0]), (1, 1), (tensor.Shape[0] - 2, 2) })
        {
            var rows = new float[count * tensor.Shape[1]];
            backbone.ReadRows(tensor.Name, first, rows);
            Assert.True(rows.AsSpan().SequenceEqual(whole.Values.AsSpan(first * tensor.Shape[1], rows.Length)),
                $"{tensor.Name} from row {first}");
        }
    });

    private static float[] Rows(SafetensorsFile file, string name, int first, int count)
    {
        var values = new float[count];
        file.ReadRows(name, first, values);
        return values;
    }
}
