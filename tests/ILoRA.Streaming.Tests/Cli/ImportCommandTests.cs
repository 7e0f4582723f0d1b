using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using ILoRA.Streaming.Embedded;

namespace ILoRA.Streaming.Tests.Cli;

public sealed class ImportCommandTests : IDisposable
{
    private readonly EmbeddedKafka kafka = new();
    private readonly string file = Path.Combine(Directory.CreateTempSubdirectory("ilora-cli").FullName, "events.tsv");

    public ImportCommandTests() => kafka.CreateTopic("clicks", 2);

    public void Dispose() => kafka.Dispose();

    [Fact]
    public async Task Clicks_arrive_once_however_often_the_file_is_imported()
    {
        File.WriteAllText(file, "1291191960\tu1\ti1\n1291191961\tu2\ti2\n");
        using (var first = await ImportAsync())
            Assert.Equal((2, 0), Counts(first));
        using (var again = await ImportAsync())
            Assert.Equal((0, 2), Counts(again));
    }

    [Theory]
    [InlineData("i1", "")]
    [InlineData("sku-1", "warning: 2 of 2 clicks of events.tsv are on items that items does not hold, such as 'sku-1';")]
    public async Task Clicks_on_items_that_the_catalogue_lacks_are_warned_of(string item, string warning)
    {
        kafka.CreateTopic("items", 1);
        var items = Path.Combine(Path.GetDirectoryName(file)!, "items.csv");
        File.WriteAllText(items, "item,title\ni1,Lamp\n");
        Assert.Equal(0, (await IloraProcess.RunAsync("items", "import", items, "--bootstrap", kafka.Bootstrap)).Code);
        File.WriteAllText(file, $"user\titem\ttime\nu1\t{item}\t1291191960\nu2\t{item}\t1291191961\n");

        var run = await IloraProcess.RunAsync("clicks", "import", file, "--bootstrap", kafka.Bootstrap);

        Assert.Equal(0, run.Code);
        Assert.Equal(warning.Length > 0, run.Error.Contains("warning: ", StringComparison.Ordinal));
        Assert.Contains(warning, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_click_is_keyed_by_user_and_has_an_id_of_file_and_line()
    {
        File.WriteAllText(file, "1291191960\tu1\ti1\n");
        using var report = await ImportAsync();
        using var consumer =
            new ConsumerBuilder<string, byte[]>(
                new ConsumerConfig
                {
                    BootstrapServers = kafka.Bootstrap,
                    GroupId = "t",
                    AutoOffsetReset = AutoOffsetReset.Earliest
                }).Build();
        consumer.Assign([new TopicPartitionOffset("clicks", 0, Offset.Beginning), new TopicPartitionOffset("clicks", 1, Offset.Beginning)]);
        var record = consumer.Consume(TimeSpan.FromSeconds(10));
        using var click = JsonDocument.Parse(record.Message.Value);
        Assert.Equal(("u1", "i1", "2010-12-01T08:26:00Z"), (record.Message.Key, Text(click, "item"), Text(click, "time")));
        Assert.Matches(@"^events\.tsv-[0-9a-f]{12}:1$", Text(click, "id"));
        Assert.Equal("ilora.click.v1", Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes("ce_type")));
    }

    [Fact]
    public async Task An_export_of_Shopify_arrives_with_its_titles()
    {
        kafka.CreateTopic("items", 1);
        File.WriteAllText(file, "Handle,Title,Body (HTML),Vendor,Option1 Value\nlamp,Desk Lamp,<p>x</p>,Glow,Red\nlamp,,,,Blue\n");
        var run = await IloraProcess.RunAsync("items", "import", file, "--bootstrap", kafka.Bootstrap, "--json");
        Assert.True(run.Code == 0, run.Error);
        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal((1, 0), Counts(report));
        Assert.Contains("format shopify", run.Error, StringComparison.Ordinal);
        using var consumer =
            new ConsumerBuilder<string, byte[]>(new ConsumerConfig { BootstrapServers = kafka.Bootstrap, GroupId = "t" }).Build();
        consumer.Assign(new TopicPartitionOffset("items", 0, Offset.Beginning));
        var record = consumer.Consume(TimeSpan.FromSeconds(10));
        using var item = JsonDocument.Parse(record.Message.Value);
        Assert.Equal(("lamp", "Desk Lamp"), (record.Message.Key, Text(item, "title")));
    }

    [Fact]
    public async Task An_untitled_item_is_not_sent()
    {
        kafka.CreateTopic("items", 1);
        File.WriteAllText(file,
            "sku,title\n" + string.Concat(Enumerable.Range(1, 20).Select(n => $"x{n},{(n == 7 ? "" : $"Lamp {n}")}\n")));
        var run = await IloraProcess.RunAsync("items", "import", file, "--bootstrap", kafka.Bootstrap, "--json");
        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal((19, 0), Counts(report));
        Assert.Contains("items without a title: 1, the first is x7", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_that_the_brokers_do_not_take_is_named_with_its_size()
    {
        kafka.CreateTopic("items", 1);
        File.WriteAllText(file, $"sku,title,body\nx1,Lamp,a\nx2,Chair,{new string('b', 1_020_000)}\nx3,Cup,c\n");
        var run = await IloraProcess.RunAsync("items", "import", file, "--bootstrap", kafka.Bootstrap, "--json");
        Assert.Equal(2, run.Code);
        Assert.Contains("events.tsv:3: item 'x2' is an event of 1,020,054 bytes, more than the producer", run.Error,
            StringComparison.Ordinal);
    }

    private async Task<JsonDocument> ImportAsync()
    {
        var run =
            await IloraProcess.RunAsync("clicks", "import", file, "--format", "online-retail", "--bootstrap", kafka.Bootstrap, "--json");
        Assert.True(run.Code == 0, run.Error);
        return JsonDocument.Parse(run.Output);
    }

    private static (int Sent, int Skipped) Counts(JsonDocument report) =>
        (report.RootElement.GetProperty("sent").GetInt32(), report.RootElement.GetProperty("skipped").GetInt32());

    private static string Text(JsonDocument json, string name) => json.RootElement.GetProperty(name).GetString()!;
}
