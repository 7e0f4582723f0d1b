using System.Text;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Tests.Importing;

public sealed class NotTextTests : IDisposable
{
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("PK\u0003\u0004rest", "is an Excel workbook (.xlsx) or a zip archive, not text; save it as CSV.")]
    [InlineData("\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1", "is an Excel workbook (.xls), not text; save it as CSV.")]
    [InlineData("PAR1\u0015\u0004\u0015\u0010", "is a Parquet file, not text; export it as CSV or JSON Lines.")]
    [InlineData("\u001F\u008B\b\0rest", "is packed by gzip; end its name in .gz, or unpack it.")]
    public void It_is_told_by_its_first_bytes_whatever_its_name(string bytes, string message)
    {
        foreach (var name in (string[])["items.csv", "items.jsonl", "items.parquet"])
        {
            var path = file.Write(name, bytes, Encoding.Latin1);
            Assert.Equal($"{name}: {message}",
                Assert.Throws<InvalidDataException>(() => ItemFile.Open(path, FileReading.Recognised)).Message);
        }
    }

    [Fact]
    public void A_text_may_begin_with_the_same_letters()
        => Assert.Equal(1, file.Clicks("clicks.csv", "PAR1,user,item,time\nx,u1,i1,1700000000\n").Count);

    [Fact]
    public void A_folder_is_refused_as_such()
    {
        var folder = Path.GetDirectoryName(file.Write("items.csv", ""))!;
        Assert.Equal($"{folder}: is a folder; give the file itself.",
            Assert.Throws<InvalidDataException>(() => ItemFile.Open(folder, FileReading.Recognised)).Message);
    }
}
