using System.Text.Json;
using Confluent.Kafka;
using ILoRA.Streaming.Embedded;

namespace ILoRA.Streaming.Tests.Cli;

public sealed class ImportResumeTests : IDisposable
{
    private const string Header = "user,item,time\n";
    private const string Later = "u1,i1,2024-05-01T10:00:00Z\n";
    private const string Earlier = "u2,i2,2024-04-01T10:00:00Z\n";
    private const string Earliest = "u3,i3,2024-03-01T10:00:00Z\n";

    private readonly EmbeddedKafka kafka = new();
    private readonly string file = Path.Combine(Directory.CreateTempSubdirectory("ilora-cli").FullName, "clicks.csv");

    public ImportResumeTests()
    {
        kafka.CreateTopic("clicks", 1);
        kafka.CreateTopic("items", 1);
    }

    public void Dispose()
    {
        kafka.Dispose();
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public async Task Clicks_are_sent_in_the_order_of_time()
    {
        Write(Header + Later + Earlier + Earliest);
        Assert.Equal("3 sent, 0 before", await ImportAsync());
        Assert.Equal(["i3", "i2", "i1"], Sent("clicks", 3));
    }

    [Fact]
    public async Task Of_a_file_that_has_grown_the_appended_lines_alone_are_sent()
    {
        Write(Header + Later);
        Assert.Equal("1 sent, 0 before", await ImportAsync());
        // Its time comes before what was sent: the place in the order of time alone would skip it.
        Write(Header + Later + Earlier);
        Assert.Equal("1 sent, 1 before", await ImportAsync());
        Assert.Equal("0 sent, 2 before", await ImportAsync());
        Assert.Equal(["i1", "i2"], Sent("clicks", 2));
    }

    [Fact]
    public async Task A_file_that_was_changed_begins_again_and_says_so()
    {
        Write(Header + Later + Earlier);
        await ImportAsync();
        Write(Header + Later + Earliest);
        var run = await RunAsync("clicks");
        Assert.Equal("2 sent, 0 before", Counts(run));
        Assert.Contains(
            "clicks.csv: no longer begins with what was sent of it, so it is sent from its first line; unchanged lines keep their ids.",
            run.Error, StringComparison.Ordinal);
        var ids = Records("clicks", 4).Select(click => click.GetProperty("id").GetString()).ToArray();
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(ids[1], ids[3]);
    }

    [Fact]
    public async Task The_same_file_read_otherwise_was_not_sent_before()
    {
        Write("a,b,2024-05-01T10:00:00Z\nc,d,2024-05-02T10:00:00Z\n");
        Assert.Equal("2 sent, 0 before", await ImportAsync("--columns", "user=1,item=2,time=3"));
        Assert.Equal("2 sent, 0 before", await ImportAsync("--columns", "user=2,item=1,time=3"));
        Assert.Equal("0 sent, 2 before", await ImportAsync("--columns", "user=1,item=2,time=3"));
        Assert.Equal(4, Records("clicks", 4).Select(click => click.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task What_a_time_left_out_is_sent_once_it_is_wanted()
    {
        Write(Header + Later + Earlier + Earliest);
        Assert.Equal("1 sent, 0 before", await ImportAsync("--until", "2024-03-15"));
        Assert.Equal("1 sent, 1 before", await ImportAsync("--until", "2024-04-15"));
        Assert.Equal("1 sent, 2 before", await ImportAsync());
        // Another beginning is another import: what comes before it may not have been sent.
        Assert.Equal("1 sent, 0 before", await ImportAsync("--from", "2024-04-15"));
    }

    [Fact]
    public async Task A_restart_sends_everything_again_under_the_same_ids()
    {
        Write(Header + Later + Earlier);
        await ImportAsync();
        Assert.Equal("2 sent, 0 before", await ImportAsync("--restart"));
        Assert.Equal(2, Records("clicks", 4).Select(click => click.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task The_first_rows_are_shown_as_they_are_understood_and_not_on_standard_output()
    {
        Write("customer;sku;when\nu1;i1;13/05/2024 10:00\nu2;i2;01/04/2024 09:30\nu3;i3;01/03/2024 08:00\nu4;i4;01/02/2024 08:00\n");
        var run = await RunAsync("clicks", "--columns", "time=when");
        Assert.Equal("4 sent, 0 before", Counts(run));
        Assert.StartsWith(
            """
            clicks.csv: format csv, utf-8; separated by semicolons; header in line 1; user = customer, item = sku, time = when; times dd/MM/yyyy HH:mm
              line 2: user u1, item i1, time 2024-05-13T10:00:00Z
              line 3: user u2, item i2, time 2024-04-01T09:30:00Z
              line 4: user u3, item i3, time 2024-03-01T08:00:00Z

            """, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_row_at_the_end_stops_before_anything_is_sent()
    {
        Write(Header + Later + Earlier + "u3,,2024-03-01T10:00:00Z\n");
        var run = await RunAsync("clicks");
        Assert.Equal(2, run.Code);
        Assert.Contains("clicks.csv:4: item is empty", run.Error, StringComparison.Ordinal);
        Assert.Equal("2 sent, 0 before", await ImportAsync("--skip-bad", "1"));
    }

    [Fact]
    public async Task An_export_of_Google_Analytics_becomes_clicks_and_items()
    {
        Write("""
            {"event_timestamp":"1612069510766593","event_name":"page_view","user_pseudo_id":"1.2","items":[]}
            {"event_timestamp":"1612069512766596","event_name":"purchase","user_id":"member-7","user_pseudo_id":"1.2","items":[{"item_id":"A","item_name":"Tee"},{"item_id":"B","item_name":"Mug"}]}
            {"event_timestamp":"1612069511766594","event_name":"view_item","user_pseudo_id":"1.2","items":[{"item_id":"A","item_name":"Tee"}]}
            """);
        Assert.Equal("3 sent, 0 before", await ImportAsync());
        Assert.Equal(["1.2 A view", "member-7 A purchase", "member-7 B purchase"],
            Records("clicks", 3).Select(click => $"{click.GetProperty("user")} {click.GetProperty("item")} {click.GetProperty("type")}"));
        Assert.Equal("2 sent, 0 before", Counts(await RunAsync("items")));
        Assert.Equal(["A Tee", "B Mug"], Records("items", 2).Select(item => $"{item.GetProperty("item")} {item.GetProperty("title")}"));
    }

    [Fact]
    public async Task A_catalogue_whose_titles_were_mended_is_sent_again()
    {
        Write("item,title\na,Lmap\nb,Chair\n");
        Assert.Equal("2 sent, 0 before", Counts(await RunAsync("items")));
        Assert.Equal("0 sent, 2 before", Counts(await RunAsync("items")));
        Write("item,title\na,Lamp\nb,Chair\n");
        Assert.Equal("2 sent, 0 before", Counts(await RunAsync("items")));
    }

    private void Write(string text) => File.WriteAllText(file, text);

    private Task<IloraProcess.Result> RunAsync(string what, params string[] flags)
        => IloraProcess.RunAsync([what, "import", file, .. flags, "--bootstrap", kafka.Bootstrap, "--json"]);

    private async Task<string> ImportAsync(params string[] flags) => Counts(await RunAsync("clicks", flags));

    private static string Counts(IloraProcess.Result run)
    {
        Assert.True(run.Code == 0, run.Error);
        using var report = JsonDocument.Parse(run.Output);
        return $"{report.RootElement.GetProperty("sent")} sent, {report.RootElement.GetProperty("skipped")} before";
    }

    private IEnumerable<string> Sent(string topic, int count)
        => Records(topic, count).Select(click => click.GetProperty("item").GetString()!);

    /// <summary>Fails where there are more or fewer.</summary>
    private List<JsonElement> Records(string topic, int count)
    {
        var config = new ConsumerConfig { BootstrapServers = kafka.Bootstrap, GroupId = "t" };
        using var consumer = new ConsumerBuilder<string, byte[]>(config).Build();
        var partition = new TopicPartition(topic, 0);
        Assert.Equal(count, consumer.QueryWatermarkOffsets(partition, TimeSpan.FromSeconds(30)).High.Value);
        consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
        var records = new List<JsonElement>();
        while (records.Count < count)
            records.Add(JsonDocument.Parse(consumer.Consume(TestContext.Current.CancellationToken).Message.Value).RootElement);
        return records;
    }
}
