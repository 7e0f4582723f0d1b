using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Text;
using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing.Text;

public sealed class FileEncodingTests : IDisposable
{
    private const string Text = "sku,title\na1,Lamp\nb2,Café\n";
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("items.csv", Text, 3)]
    [InlineData("items.jsonl", "{\"sku\":\"a1\",\"title\":\"Café\"}\n", 1)]
    public void Bytes_that_are_not_those_of_the_byte_order_mark_refuse_the_file(string name, string text, int line) => Assert.Equal(
        $"{name}:{line}: byte 0xE9 is not utf-8, as the file's byte order mark says it is; write the file anew in one encoding.",
        Refusal(name, [0xEF, 0xBB, 0xBF, .. System.Text.Encoding.Latin1.GetBytes(text)], null));

    [Theory]
    [InlineData("latin1")]
    [InlineData("windows-1252")]
    [InlineData("utf-16")]
    public void An_encoding_that_the_byte_order_mark_contradicts_is_refused(string name) => Assert.Equal(
        $"items.csv: begins with the byte order mark of utf-8, which is not {Encoding(name).WebName}; leave out --encoding.",
        Refusal("items.csv", [0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes(Text)], name));

    [Theory]
    [InlineData("utf-8", "utf-8")]
    [InlineData("utf-8", "utf8")]
    [InlineData("utf-16", "utf-16")]
    [InlineData("utf-16BE", "utf-16")]
    [InlineData("utf-16BE", "utf-16BE")]
    public void An_encoding_that_the_byte_order_mark_confirms_is_read(string written, string name)
    {
        var path = file.Write("items.csv", "\uFEFF" + Text, Encoding(written));
        Assert.Equal(["a1=Lamp", "b2=Café"], Titles(ItemFile.Open(path, new() { Encoding = Encoding(name) })));
    }

    [Fact]
    public void Text_of_two_bytes_may_have_no_mark_where_its_encoding_is_given()
        => Assert.Equal(["a1=Lamp", "b2=Café"],
            Titles(ItemFile.Open(file.Write("items.csv", Text, System.Text.Encoding.Unicode), new() { Encoding = Encoding("utf-16") })));

    [Theory]
    [InlineData("movies.dat", null)]
    [InlineData("movies.tsv", FileFormat.MovieLens)]
    public void A_film_of_MovieLens_with_one_bad_byte_does_not_make_the_file_Latin_1(string name, FileFormat? format)
    {
        var separator = name.EndsWith(".tsv", StringComparison.Ordinal) ? "\t" : "::";
        byte[] text = [.. System.Text.Encoding.UTF8.GetBytes($"1{separator}Amélie (2001){separator}\n2{separator}Caf"), 0xE9,
            .. System.Text.Encoding.UTF8.GetBytes($"{separator}\n3{separator}Misérables{separator}\n")];
        Assert.Equal($"{name}:2: byte 0xE9 is not utf-8, as the rest of the file is; mend that line.",
            Refusal(name, text, null, format));
    }

    private string Refusal(string name, byte[] bytes, string? encoding, FileFormat? format = null)
    {
        var path = file.Write(name, "");
        File.WriteAllBytes(path, bytes);
        var reading = new FileReading { Encoding = encoding is null ? null : Encoding(encoding), Format = format };
        return Assert.Throws<InvalidDataException>(() => ItemFile.Open(path, reading)).Message;
    }

    private static System.Text.Encoding Encoding(string name)
    {
        Assert.True(FileEncoding.TryParse(name, out var encoding));
        return encoding;
    }
}
