using ILoRA.Streaming.Importing.Resuming;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Tests.Importing.Resuming;

public sealed class ImportPlanTests : IDisposable
{
    private readonly string path = Path.Combine(Directory.CreateTempSubdirectory("ilora-plan").FullName, "clicks.csv");
    private readonly ImportMarks marks = Kept();

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

    [Fact]
    public void A_new_file_is_one_part()
    {
        Write("a\nb\n");
        Assert.Equal("1-2 from 0", Planned());
    }

    [Fact]
    public void Of_a_file_that_was_sent_wholly_nothing_is_left()
    {
        Sent("a\nb\n");
        Assert.Equal("", Planned());
        Assert.Equal(2, Plan().SentLines);
    }

    [Fact]
    public void One_that_was_cut_off_goes_on()
    {
        CutOff("a\nb\nc\n", position: 2);
        Assert.Equal("1-3 from 2", Planned());
    }

    [Fact]
    public void Of_one_that_has_grown_the_appended_lines_are_sent()
    {
        Sent("a\nb\n");
        Write("a\nb\nc\nd\n");
        Assert.Equal("3-4 from 0", Planned());
        Assert.False(Plan().IsChanged);
    }

    [Fact]
    public void It_may_grow_again_and_again()
    {
        Sent("a\n");
        Sent("a\nb\n");
        Sent("a\nb\nc");
        Write("a\nb\nc\nd\n");
        Assert.Equal("4-4 from 0", Planned());
    }

    [Fact]
    public void One_that_was_cut_off_and_has_grown_since_is_two_parts()
    {
        Sent("a\n");
        CutOff("a\nb\nc\n", position: 1);
        Write("a\nb\nc\nd\n");
        Assert.Equal("2-3 from 1, 4-4 from 0", Planned());
    }

    [Fact]
    public void One_that_grew_before_anything_of_it_was_delivered_is_one_part()
    {
        CutOff("a\n", position: 0);
        Write("a\nb\n");
        Assert.Equal("1-2 from 0", Planned());
        Assert.False(Plan().IsChanged);
    }

    [Theory]
    [InlineData("a\nB\n")]
    [InlineData("a\nB\nc\n")]
    [InlineData("a\n")]
    [InlineData("a\nbc\n")]
    [InlineData("x\na\nb\n")]
    public void One_that_was_changed_begins_again_and_says_so(string changed)
    {
        Sent("a\nb\n");
        Write(changed);
        Assert.Equal($"1-{changed.Count(each => each == '\n')} from 0", Planned());
        Assert.True(Plan().IsChanged);
    }

    [Fact]
    public void One_whose_last_line_went_on_was_changed()
    {
        Sent("a\nb");
        Write("a\nbc\n");
        Assert.Equal("1-2 from 0", Planned());
    }

    [Fact]
    public void One_that_was_changed_after_it_was_cut_off_begins_again()
    {
        CutOff("a\nb\nc\n", position: 2);
        Write("a\nB\nc\n");
        Assert.Equal("1-3 from 0", Planned());
    }

    [Fact]
    public void A_file_whose_lines_do_not_stand_alone_is_always_one_part()
    {
        Write("a\nb\n");
        var part = Assert.Single(ImportPlan.Of(FileExtent.Of(path), marks, grows: false, TestContext.Current.CancellationToken).Parts);
        marks.Keep(part.Mark, 2);
        Assert.Equal(2,
            Assert.Single(ImportPlan.Of(FileExtent.Of(path), marks, grows: false, TestContext.Current.CancellationToken).Parts).Position);
        Write("a\nb\nc\n");
        var grown = Assert.Single(ImportPlan.Of(FileExtent.Of(path), marks, grows: false, TestContext.Current.CancellationToken).Parts);
        Assert.Equal((0L, 3L, 0L), (grown.After.Lines, grown.End.Lines, grown.Position));
    }

    [Fact]
    public void A_restart_is_the_whole_file()
    {
        Sent("a\nb\n");
        var part = Assert.Single(ImportPlan.Anew(FileExtent.Of(path), TestContext.Current.CancellationToken).Parts);
        Assert.Equal((0L, 2L, 0L), (part.After.Lines, part.End.Lines, part.Position));
    }

    private void Write(string text) => File.WriteAllText(path, text);

    private void Sent(string text)
    {
        Write(text);
        foreach (var part in Plan().Parts)
        {
            ImportPlan.Begin(part, marks);
            ImportPlan.Complete(part, marks);
        }
    }

    private void CutOff(string text, long position)
    {
        Write(text);
        var part = Assert.Single(Plan().Parts);
        ImportPlan.Begin(part, marks);
        marks.Keep(part.Mark, position);
    }

    private ImportPlan Plan() => ImportPlan.Of(FileExtent.Of(path), marks, grows: true, TestContext.Current.CancellationToken);

    private string Planned()
        => string.Join(", ", Plan().Parts.Select(part => $"{part.After.Lines + 1}-{part.End.Lines} from {part.Position}"));

    private static ImportMarks Kept()
    {
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        return new(name => values.GetValueOrDefault(name), (name, value) => values[name] = value);
    }
}
