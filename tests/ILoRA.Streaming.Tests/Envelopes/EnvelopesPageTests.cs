using System.Text;
using System.Text.RegularExpressions;
using ILoRA.Streaming.Envelopes;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Envelopes;

/// <summary>The examples of docs/envelopes.md, read as they stand there with the settings that stand there.</summary>
public sealed partial class EnvelopesPageTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs", "envelopes.md"));

    [Fact]
    public void Every_envelope_is_on_the_page() => Assert.Equal(
        Enum.GetNames<Envelope>(), EnvelopeName().Matches(Page).Select(name => name.Groups[1].Value), StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void The_change_of_a_products_table_is_the_item()
    {
        var format = WithColumns("debezium").ItemFormat();

        var item = format.ReadState<ItemEvent>(Value("value  "))!;

        Assert.Equal(("1004", "Blue mug", "1004"), (item.Item.Value, item.Title, format.ReadKey(Value("key    "))));
    }

    [Fact]
    public void The_row_of_Kafka_Connect_is_the_item()
    {
        var format = WithColumns("connect").ItemFormat();

        Assert.Equal("Blue mug", format.ReadState<ItemEvent>(Value("""{"schema":""", keep: true))!.Title);
    }

    [Fact]
    public void The_framed_value_is_the_click()
    {
        byte[] framed = [0, 0, 0, 0, 7, .. Value("00 00 00 00 07 ")];

        Assert.Equal("ann", Clicks("confluent").ReadEvent<ClickEvent>(framed).User.Value);
    }

    [Fact]
    public void The_CloudEvent_holds_the_click() =>
        Assert.Equal("ann", Clicks("cloudevents").ReadEvent<ClickEvent>(Value("""{"specversion":""", keep: true)).User.Value);

    private static RecordFormat Clicks(string envelopes) => new KafkaOptions { Envelopes = { ["clicks"] = envelopes } }.ClickFormat();

    private static KafkaOptions WithColumns(string envelopes)
    {
        var columns = Column().Matches(Page).ToDictionary(column => column.Groups[1].Value, column => column.Groups[2].Value);
        Assert.Equal(2, columns.Count);
        return new() { Envelopes = { ["items"] = envelopes }, Fields = { ["items"] = columns } };
    }

    /// <summary>The indented line that begins so, without its beginning.</summary>
    private static byte[] Value(string begin, bool keep = false)
    {
        var line = Assert.Single(Page.Split('\n'), line => line.StartsWith($"    {begin}", StringComparison.Ordinal))[4..];
        return Encoding.UTF8.GetBytes(keep ? line : line[begin.Length..]);
    }

    [GeneratedRegex("^\\| `([a-z]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex EnvelopeName();

    [GeneratedRegex("^    ILORA__Kafka__Fields__items__([a-z]+)=([a-z]+)$", RegexOptions.Multiline)]
    private static partial Regex Column();
}
