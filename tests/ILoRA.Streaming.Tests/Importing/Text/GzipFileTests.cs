using System.IO.Compression;
using System.IO.Pipes;
using System.Text;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Tests.Importing.Text;

public sealed class GzipFileTests : IDisposable
{
    private const string Refusal = "items.csv.gz: is cut off or damaged, or was joined of several gzip files; unpack it first (gunzip).";
    private static readonly byte[] Whole =
        Pack("id,title\n" + string.Concat(Enumerable.Range(0, 50_000).Select(n => $"{n},Lamp {n * 7919}\n")));
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Fact]
    public void A_whole_file_is_read() => Assert.Equal(50_000, ItemFile.Open(Write(Whole), FileReading.Recognised).Count);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9999)]
    [InlineData(0.0001)]
    public void A_file_that_was_cut_off_is_refused(double part) => Assert.Equal(Refusal, RefusalOf(Whole[..(int)(Whole.Length * part)]));

    [Fact]
    public void A_file_without_its_last_byte_is_refused() => Assert.Equal(Refusal, RefusalOf(Whole[..^1]));

    [Fact]
    public void A_damaged_file_is_refused()
    {
        var damaged = Whole.ToArray();
        damaged[Whole.Length / 2] ^= 0xFF;
        Assert.Equal(Refusal, RefusalOf(damaged));
    }

    [Fact]
    public void Joined_files_are_refused() => Assert.Equal(Refusal, RefusalOf([.. Whole, .. Pack("x,Chair\n")]));

    [Fact]
    public void A_file_that_is_not_packed_is_named() => Assert.Equal(
        "items.csv.gz: is no gzip file; take .gz from its name if it is not packed.", RefusalOf("id,title\n1,Lamp\n"u8.ToArray()));

    [Fact]
    public void A_pipe_is_refused_with_the_remedy()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "files of the process's own handles are Linux's");
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        var path = $"/proc/self/fd/{pipe.SafePipeHandle.DangerousGetHandle()}";
        var refusal = Assert.Throws<InvalidDataException>(() => ItemFile.Open(path, FileReading.Recognised)).Message;
        Assert.Equal($"{path}: is a pipe; write it to a file first.", refusal);
    }

    private static byte[] Pack(string text)
    {
        var bytes = new MemoryStream();
        using (var packed = new GZipStream(bytes, CompressionLevel.Fastest))
            packed.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    private string Write(byte[] bytes)
    {
        var path = file.Write("items.csv.gz", "");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private string RefusalOf(byte[] bytes)
        => Assert.Throws<InvalidDataException>(() => ItemFile.Open(Write(bytes), FileReading.Recognised)).Message;
}
