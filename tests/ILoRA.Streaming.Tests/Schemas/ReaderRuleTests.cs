using System.Text;

namespace ILoRA.Streaming.Tests.Schemas;

/// <summary>The few rules that a JSON Schema cannot say: the schema lets these pass, the reader does not.</summary>
public sealed class ReaderRuleTests
{
    private const string Arms =
        """{"rollout":"r","revision":1,"salt":"s","stage":"s","by":"b","reason":"r","arms":[{"arm":"a","line":"l","version":null,"share":SHARE},{"arm":"NAME","line":"l","version":null,"share":5000}]}""";

    [Fact]
    public void An_id_of_more_than_256_bytes_in_fewer_code_points_is_refused()
    {
        ReaderAlone("click", $$"""{"user":"{{new string('é', 129)}}","item":"a","time":0}""", "256 bytes");
        Both("click", $$"""{"user":"{{new string('é', 128)}}","item":"a","time":0}""");
    }

    [Fact]
    public void Times_and_sessions_that_are_not_as_many_as_items_are_refused()
    {
        const string sequence = """{"user":"u","items":["a","b"],"time":0,"source":{"topic":"clicks","partition":0,"offset":0},""";
        ReaderAlone("sequence", sequence + "\"times\":[0]}", "one time an item");
        ReaderAlone("sequence", sequence + "\"sessions\":[\"\"]}", "one session an item");
    }

    [Theory]
    [InlineData("1", null)]
    [InlineData("2", null)]
    [InlineData("3", "number of items")]
    public void A_place_beyond_the_items_is_refused(string place, string? reason)
    {
        var sequence =
            $$"""{"user":"u","items":["a","b"],"time":0,"source":{"topic":"clicks","partition":0,"offset":0},"place":{{place}}}""";
        if (reason is null)
            Both("sequence", sequence);
        else
            ReaderAlone("sequence", sequence, reason);
    }

    [Theory]
    [InlineData(4999)]
    [InlineData(5001)]
    public void Shares_that_do_not_sum_to_all_users_are_refused(int share) =>
        ReaderAlone("rollout", Arms.Replace("SHARE", $"{share}", StringComparison.Ordinal).Replace("NAME", "b", StringComparison.Ordinal),
            $"got {share + 5000}");

    [Fact]
    public void Two_arms_of_one_name_are_refused() =>
        ReaderAlone("rollout", Arms.Replace("SHARE", "5000", StringComparison.Ordinal).Replace("NAME", "a", StringComparison.Ordinal),
            "unique");

    [Fact]
    public void A_rank_that_is_no_multiple_of_the_experts_is_refused() => ReaderAlone("adapter", """
        {"version":"v","line":"l","parts":{"gate":{"sha256":"0000000000000000000000000000000000000000000000000000000000000000","bytes":1,"location":"file:x"}},"parent":null,"created":0,
         "backbone":"b","shape":{"experts":4,"rank":6,"targets":["q"]},"offsets":{},"events":null,"metrics":{}}
        """, "multiple");

    [Theory]
    [InlineData("1900-01-02T00:00:00Z", true)]
    [InlineData("1900-01-01T23:59:59Z", false)]
    [InlineData("9999-12-30T23:59:59.999999999-23:59", true)]
    [InlineData("9999-12-31T00:00:00Z", false)]
    [InlineData("2024-02-29T00:00:00Z", true)]
    [InlineData("2023-02-29T00:00:00Z", false)]
    [InlineData("2023-01-01T00:00:00.1Z", true)]
    [InlineData("2023-01-01T00:00:00.123456Z", true)]
    [InlineData("2023-01-01T00:00:00.123456789Z", true)]
    [InlineData("2023-01-01T00:00:00.1234567891Z", false)]
    [InlineData("2023-01-01T00:00:00.Z", false)]
    [InlineData("2023-01-01T00:00:60Z", false)]
    [InlineData("2023-01-01t00:00:00z", false)]
    [InlineData("2023-01-01T00:00:00+14:30", true)]
    [InlineData("2023-01-01T00:00:00+24:00", false)]
    [InlineData("2023-01-01T00:00:00+0100", false)]
    [InlineData("2023-13-01T00:00:00Z", false)]
    [InlineData("2023-00-01T00:00:00Z", false)]
    [InlineData("2023-01-00T00:00:00Z", false)]
    [InlineData(" 2023-01-01T00:00:00Z", false)]
    public void A_time_is_read_exactly_where_the_schema_takes_it(string time, bool holds)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"user":"u","item":"a","time":"{{time}}"}""");
        Assert.Equal((holds, holds), (EventSchemas.Refusal("click", json) is null, EventSchemas.ReaderRefusal("click", json) is null));
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("0.0", true)]
    [InlineData("-0.001", false)]
    [InlineData("99999999999", true)]
    [InlineData("1700000000123456", true)]
    [InlineData("253402214399999999.9", true)]
    [InlineData("253402214400000000", false)]
    [InlineData("1e12", true)]
    public void A_number_is_a_time_exactly_where_the_schema_takes_it(string time, bool holds)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"user":"u","item":"a","time":{{time}}}""");
        Assert.Equal((holds, holds), (EventSchemas.Refusal("click", json) is null, EventSchemas.ReaderRefusal("click", json) is null));
    }

    private static void Both(string name, string json)
    {
        Assert.Null(EventSchemas.Refusal(name, Encoding.UTF8.GetBytes(json)));
        Assert.Null(EventSchemas.ReaderRefusal(name, Encoding.UTF8.GetBytes(json)));
    }

    private static void ReaderAlone(string name, string json, string reason)
    {
        Assert.Null(EventSchemas.Refusal(name, Encoding.UTF8.GetBytes(json)));
        Assert.Contains(reason, EventSchemas.ReaderRefusal(name, Encoding.UTF8.GetBytes(json)), StringComparison.Ordinal);
    }
}
