using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Resuming;
using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing;

/// <summary>A file to which lines are appended while it is read.</summary>
public sealed class GrowingFileTests : IDisposable
{
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("clicks.csv", "user,item,time\nu1,i1,1700000000\nu2,i2,1700000001\n", "u9,i9,1700000009\n")]
    [InlineData("clicks.jsonl",
        "{\"user\":\"u1\",\"item\":\"i1\",\"time\":1700000000}\n{\"user\":\"u2\",\"item\":\"i2\",\"time\":1700000001}\n",
        "{\"user\":\"u9\",\"item\":\"i9\",\"time\":1700000009}\n")]
    public void A_line_that_is_appended_is_read_by_the_next_import_alone(string name, string text, string appended)
    {
        var path = file.Write(name, text);
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        var marks = new ImportMarks(key => values.GetValueOrDefault(key), (key, value) => values[key] = value);
        var stop = TestContext.Current.CancellationToken;
        foreach (var row in (int[])[1, 3])
        {
            File.WriteAllText(path, text);
            values.Clear();
            var clicks = ClickFile.Open(path, new() { Progress = new AtRow(row, () => File.AppendAllText(path, appended)) });
            Assert.Equal(["u1 i1 1700000000", "u2 i2 1700000001"], Texts(clicks));
            var part = Assert.Single(ImportPlan.Of(clicks.Extent, marks, grows: true, stop).Parts);
            Assert.Equal((0, text.Length), (part.After.Bytes, part.End.Bytes));
            ImportPlan.Complete(part, marks);
            var next = ClickFile.Open(path, FileReading.Recognised);
            part = Assert.Single(ImportPlan.Of(next.Extent, marks, grows: true, stop).Parts);
            Assert.Equal(["u9 i9"], next.Lines.Where(click => part.Holds(click.Line)).Select(click => $"{click.User} {click.Item}"));
        }
    }

    private sealed class AtRow(int row, Action act) : IProgress<long>
    {
        public void Report(long value)
        {
            if (value == row)
                act();
        }
    }
}
