using System.Buffers.Binary;
using System.Text;
using CsCheck;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Tests.Model.Tensors;

public sealed class SafetensorsFileTests
{
    private static readonly Gen<Tensor> Tensors = Gen.Select(Gen.String[Gen.Char['!', '~'], 1, 12], Gen.Int[0, 4].Array[0, 3], Gen.Int)
        .Select((name, shape, seed) => new Tensor(name, shape, Values(shape, seed)));

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Tensors.Array[0, 6], Gen.Dictionary(Gen.String, Gen.String)[0, 3]).Sample((tensors, metadata) =>
    {
        tensors = [.. tensors.DistinctBy(tensor => tensor.Name)];
        var clean = metadata.ToDictionary(pair => WellFormed(pair.Key), pair => WellFormed(pair.Value));
        var file = SafetensorsFile.Parse(SafetensorsWriter.Write(tensors, clean), "test");

        Assert.Equal(clean, file.Metadata);
        Assert.Equal(tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal), file.Names.Order(StringComparer.Ordinal));
        Assert.All(tensors, tensor =>
        {
            Assert.Equal(tensor.Shape, file.Shape(tensor.Name));
            Assert.Equal(tensor.Values, file.Read(tensor.Name).Values);
        });
    }, iter: 300);

    [Fact]
    public void The_same_tensors_in_another_order_give_the_same_bytes() => Tensors.Array[2, 6].Sample(tensors =>
    {
        tensors = [.. tensors.DistinctBy(tensor => tensor.Name)];
        Assert.Equal(SafetensorsWriter.Write(tensors, null), SafetensorsWriter.Write(tensors.Reverse(), null));
    }, iter: 100);

    [Fact]
    public void Narrow_floats_widen_exactly()
    {
        byte[] data = [0x80, 0x3f, 0x49, 0xc0, 0x00, 0x3c, 0x00, 0xc1, .. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(-7L)];
        var file =
            Parse("""{"b":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},"h":{"dtype":"F16","shape":[2],"data_offsets":[4,8]},"d":{"dtype":"F64","shape":[1],"data_offsets":[8,16]},"i":{"dtype":"I64","shape":[],"data_offsets":[16,24]}}""", data);

        Assert.Equal([1f, -3.140625f], file.Read("b").Values);
        Assert.Equal([1f, -2.5f], file.Read("h").Values);
        Assert.Equal([0.1], file.ReadDoubles("d"));
        Assert.Equal([-7L], file.ReadInt64("i"));
    }

    [Fact]
    public void A_tensor_of_another_type_is_refused_by_name()
    {
        var file = Parse("""{"n":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""", new byte[4]);
        Assert.Contains("'n' is I32", Assert.Throws<InvalidDataException>(() => file.Read("n")).Message, StringComparison.Ordinal);
        Assert.Contains("'m' is missing", Assert.Throws<InvalidDataException>(() => file.Read("m")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "needs another number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1152921504606846976],"data_offsets":[0,8]}}""", "needs another number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1152921504606846976,1152921504606846976,16],"data_offsets":[0,8]}}""",
        "needs another number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "needs another number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967298],"data_offsets":[0,8]}}""", "needs another number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}""", "broken header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""", "broken header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", "dimensions")]
    [InlineData("""{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}""", "unknown type 'F33'")]
    [InlineData("""{"a":{"dtype":7,"shape":[2],"data_offsets":[0,8]}}""", "broken header")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", "no dtype")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,8]}}""", "no shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "no data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,16]}}""", "no data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "bytes 8 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "bytes -8 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,1152921504606846976]}}""", "of 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "leave a hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "truncated or padded")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        "broken header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}""", "broken header")]
    [InlineData("""{"__metadata__":{"k":7},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "broken header")]
    [InlineData("""{"__metadata__":{"k":null},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "no text at 'k'")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "broken header")]
    [InlineData("""{"a":[[[[[[[[[[1]]]]]]]]]]}""", "broken header")]
    [InlineData("""[]""", "broken header")]
    [InlineData("""{"a":""", "broken header")]
    [InlineData("", "broken header")]
    public void An_invalid_header_is_refused_with_the_reason(string header, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => Parse(header, new byte[8]));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("test ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1UL << 60)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 30)]
    [InlineData(17UL)]
    public void A_header_longer_than_the_file_is_refused_before_it_is_read(ulong length)
    {
        var file = new byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        Assert.Contains($"header has {length} bytes",
            Assert.Throws<InvalidDataException>(() => SafetensorsFile.Parse(file, "test")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_truncated_at_any_length_is_refused()
    {
        var whole = SafetensorsWriter.Write([new Tensor("a", [3], [1, 2, 3]), new Tensor("b", [1], [4])], null);
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => SafetensorsFile.Parse(whole.AsMemory(0, length), "test"));
    }

    [Fact]
    public void A_file_on_disk_reads_as_its_bytes()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, SafetensorsWriter.Write([new Tensor("a", [3], [1, 2, 3])], null));
            Assert.Equal([1f, 2f, 3f], SafetensorsFile.Open(path).Read("a").Values);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static SafetensorsFile Parse(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return SafetensorsFile.Parse((byte[])[.. length, .. text, .. data], "test");
    }

    private static float[] Values(int[] shape, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, shape.Aggregate(1, (product, size) => product * size)).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
