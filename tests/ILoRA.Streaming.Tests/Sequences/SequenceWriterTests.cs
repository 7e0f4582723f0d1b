using System.Text;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Sequences;

namespace ILoRA.Streaming.Tests.Sequences;

public sealed class SequenceWriterTests
{
    [Theory]
    [InlineData(false, null)]
    [InlineData(true, 1)]
    public void What_is_written_is_a_valid_sequence_event(bool times, int? place)
    {
        using var writer = new SequenceWriter(times);
        var sequence = Sequence.Empty
            .Append(Click("a \"quoted\" ü", "s1", 1_767_225_600_000, 8), 5).Next
            .Append(Click("b", "", 1_767_225_601_500, 9), 5).Next;

        var read = EventJson.Parse<SequenceEvent>(writer.Write("u<1>", sequence, place, "clicks", 3, 9));

        Assert.Equal("u<1>", read.User.Value);
        Assert.Equal(["a \"quoted\" ü", "b"], read.Items.Select(item => item.Value));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_601_500), read.Time);
        Assert.Equal("clicks-3-9", read.Source.ToString());
        Assert.Equal(place, read.Place);
        Assert.Equal(times ? [1_767_225_600_000, 1_767_225_601_500] : null, read.Times?.Select(time => time.ToUnixTimeMilliseconds()));
        Assert.Equal(times ? ["s1", ""] : null, read.Sessions);
    }

    private static SequenceClick Click(string item, string session, long time, long offset) =>
        new(Encoding.UTF8.GetBytes(item), Encoding.UTF8.GetBytes(session), time, 0, new(1, 3, 1, offset));
}
