using ILoRA.Streaming.Events;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Tests.Envelopes;

public sealed class EnvelopeSettingsTests
{
    [Theory]
    [InlineData("--Kafka:Envelopes:items=avro",
        "Kafka:Envelopes:items: 'avro' is no envelope; known are confluent, connect, debezium, cloudevents.")]
    [InlineData("--Kafka:Envelopes:sequences=debezium", "Kafka:Envelopes:sequences: envelopes are read on items, clicks alone.")]
    [InlineData("--Kafka:Fields:sequences:user=id", "Kafka:Fields:sequences: columns are named for items, clicks alone.")]
    [InlineData("--Kafka:Fields:items:name=label",
        "Kafka:Fields:items:name: items have no such field; known are item, title, attributes, time, deleted.")]
    [InlineData("--Kafka:Fields:items:item=id", "Kafka:Fields:items names no column for title;")]
    [InlineData("--Kafka:Fields:items:item=", "Kafka:Fields:items:item names no column.")]
    public async Task A_name_that_is_not_known_is_refused_at_the_start(string flag, string reason)
    {
        await using var app = StreamHost.CreateBuilder([flag], "ilora-ingest").Build();

        var refused = Assert.Throws<OptionsValidationException>(() => app.Services.GetRequiredService<IOptions<KafkaOptions>>().Value);

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Known_names_are_taken_in_any_case()
    {
        string[] flags = ["--Kafka:Envelopes:Items=Debezium, confluent", "--Kafka:Fields:Items:Item=id", "--Kafka:Fields:Items:Title=name"];
        await using var app = StreamHost.CreateBuilder(flags, "ilora-ingest").Build();

        var format = app.Services.GetRequiredService<IOptions<KafkaOptions>>().Value.ItemFormat();

        Assert.Equal("Mug", format.ReadState<ItemEvent>("""{"before":null,"after":{"id":7,"name":"Mug"},"op":"c"}"""u8.ToArray())!.Title);
    }
}
