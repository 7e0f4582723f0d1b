using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ILoRA.Streaming.Importing.Resuming;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Tests.Importing.Resuming;

public sealed class FilePrefixTests : IDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly string folder = Directory.CreateTempSubdirectory("ilora-prefix").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("a\n", 1)]
    [InlineData("a\nb", 2)]
    [InlineData("a\r\nb\r\n", 2)]
    [InlineData("a\rb\r", 2)]
    [InlineData("a\n\n", 2)]
    public void The_whole_file_is_counted_in_bytes_and_lines(string text, long lines)
    {
        var whole = FilePrefix.Of(Written(text), [], Stop).Whole;
        Assert.Equal((text.Length, lines, Hash(text)), (whole.Bytes, whole.Lines, whole.Sha256));
    }

    [Theory]
    [InlineData("a\nb\n", 2, 1)]
    [InlineData("a\nb\n", 1, 1)]
    [InlineData("a\r\nb\r\n", 3, 1)]
    [InlineData("a\r\nb\r\n", 1, 1)]
    [InlineData("a\r\nb\r\n", 2, 1)]
    [InlineData("a\nb\nc", 4, 2)]
    public void A_length_at_which_a_line_ends_is_a_prefix(string text, int length, long lines)
    {
        var earlier = Assert.Single(FilePrefix.Of(Written(text), [length], Stop).Earlier);
        Assert.Equal(new FilePrefix(length, lines, Hash(text[..length])), earlier);
    }

    [Theory]
    [InlineData("ab\nc\n", 1)]
    [InlineData("ab\ncd\n", 4)]
    [InlineData("ab\n", 4)]
    [InlineData("ab\n", 3)]
    [InlineData("ab\n", 0)]
    public void Within_a_line_at_the_end_and_beyond_it_is_none(string text, int length) =>
        Assert.Empty(FilePrefix.Of(Written(text), [length], Stop).Earlier);

    [Fact]
    public void Several_lengths_are_found_in_one_pass_across_blocks()
    {
        var text = string.Concat(Enumerable.Range(100_000, 500_000).Select(number => $"{number}\n"));
        var (whole, earlier) = FilePrefix.Of(Written(text), [1_400_000, 7, 1_048_572], Stop);
        Assert.Equal([7L, 1_048_572L, 1_400_000L], earlier.Select(prefix => prefix.Bytes));
        Assert.Equal([1L, 149_796L, 200_000L], earlier.Select(prefix => prefix.Lines));
        Assert.Equal([Hash(text[..7]), Hash(text[..1_048_572]), Hash(text[..1_400_000])], earlier.Select(prefix => prefix.Sha256));
        Assert.Equal((500_000L, Hash(text)), (whole.Lines, whole.Sha256));
    }

    [Fact]
    public void A_packed_file_is_the_plain_one()
    {
        var path = Path.Combine(folder, "clicks.csv.gz");
        using (var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            packed.Write("a\nb\n"u8);
        Assert.Equal(FilePrefix.Of(Written("a\nb\n"), [], Stop).Whole, FilePrefix.Of(FileExtent.Of(path), [], Stop).Whole);
    }

    private FileExtent Written(string text)
    {
        var path = Path.Combine(folder, "clicks.csv");
        File.WriteAllText(path, text);
        return FileExtent.Of(path);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
