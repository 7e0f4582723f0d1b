using System.Text;
using CsCheck;
using ILoRA.Streaming.Envelopes;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Tests.Envelopes;

public sealed class RecordFormatTests
{
    private const string Row = """{"id":1004,"name":"Blue mug","price":7.5,"note":null}""";
    private const string Change = $$$"""{"before":null,"after":{{{Row}}},"source":{"table":"products"},"op":"c","ts_ms":1767225600000}""";
    private const string Click = """{"user":"u","item":"a","time":"2026-01-01T00:00:00Z"}""";

    [Theory]
    [InlineData(Change)]
    [InlineData($$$"""{"schema":{"type":"struct","fields":[]},"payload":{{{Change}}}}""")]
    [InlineData($$$"""{"before":{{{Row}}},"after":{{{Row}}},"op":"u"}""")]
    [InlineData($$$"""{"before":null,"after":{{{Row}}},"op":"r"}""")]
    public void A_row_of_a_products_table_becomes_an_item(string value)
    {
        var item = Products("debezium").ReadState<ItemEvent>(Bytes(value))!;

        Assert.Equal(("1004", "Blue mug"), (item.Item.Value, item.Title));
    }

    [Fact]
    public void A_row_whose_columns_are_called_as_ours_needs_no_names()
    {
        const string change = """{"before":null,"after":{"item":7,"title":"Mug","attributes":null,"deleted":1,"stock":3},"op":"c"}""";

        var item = Items("debezium").ReadState<ItemEvent>(Bytes(change))!;

        Assert.Equal(("7", "Mug", true), (item.Item.Value, item.Title, item.Deleted));
    }

    [Fact]
    public void A_deleted_row_is_a_deleted_item()
    {
        Assert.Null(Products("debezium").ReadState<ItemEvent>(Bytes($$"""{"before":{{Row}},"after":null,"op":"d"}""")));
        Assert.Null(Products("debezium").ReadState<ItemEvent>(null));
    }

    [Theory]
    [InlineData("""{"id":1004}""", "1004")]
    [InlineData("""{"schema":{"type":"struct"},"payload":{"id":1004}}""", "1004")]
    [InlineData("""{"shop":1,"id":"A-7"}""", "A-7")]
    [InlineData("""{"product":12}""", "12")]
    [InlineData("\"A-7\"", "A-7")]
    [InlineData("A-7", "A-7")]
    [InlineData("1004", "1004")]
    [InlineData("{A-7", "{A-7")]
    public void The_key_of_a_table_is_the_items_id(string key, string item) => Assert.Equal(item, Products("debezium").ReadKey(Bytes(key)));

    [Fact]
    public void A_key_in_the_wire_format_is_read_too() =>
        Assert.Equal("1004", Products("confluent,debezium").ReadKey(Framed("""{"id":1004}""")));

    [Fact]
    public void The_wire_format_is_read_alone_and_around_another_envelope()
    {
        Assert.Equal("a", Clicks("confluent").ReadEvent<ClickEvent>(Framed(Click)).Item.Value);
        Assert.Equal("Blue mug", Products("Debezium, Confluent").ReadState<ItemEvent>(Framed(Change))!.Title);
    }

    [Theory]
    [InlineData($$$"""{"specversion":"1.0","type":"shop.click","source":"/shop","id":"1","data":{{{Click}}}}""")]
    [InlineData(
        """{"specversion":"1.0","type":"shop.click","source":"/shop","id":"1","datacontenttype":"application/json; charset=utf-8","data_base64":"eyJ1c2VyIjoidSIsIml0ZW0iOiJhIiwidGltZSI6IjIwMjYtMDEtMDFUMDA6MDA6MDBaIn0="}""")]
    public void The_data_of_a_CloudEvent_is_the_event(string value) =>
        Assert.Equal("a", Clicks("cloudevents").ReadEvent<ClickEvent>(Bytes(value)).Item.Value);

    [Fact]
    public void A_row_with_its_schema_is_read_from_Kafka_Connect() => Assert.Equal(
        "1004", Products("connect").ReadState<ItemEvent>(Bytes($$"""{"schema":{"type":"struct"},"payload":{{Row}}}"""))!.Item.Value);

    [Fact]
    public void A_plain_event_is_read_beside_envelopes()
    {
        Assert.Equal("a", Clicks("confluent,debezium,cloudevents,connect").ReadEvent<ClickEvent>(Bytes(Click)).Item.Value);
        Assert.Equal("Mug", Products("debezium").ReadState<ItemEvent>(Bytes("""{"item":"a","title":"Mug"}"""))!.Title);
    }

    [Fact]
    public void Columns_are_named_without_an_envelope_too() =>
        Assert.Equal("Blue mug", Products("").ReadState<ItemEvent>(Bytes(Row))!.Title);

    [Theory]
    [InlineData(Change, "change event of Debezium; set Kafka:Envelopes:items=debezium ")]
    [InlineData($$$"""{"schema":{},"payload":{{{Row}}}}""", "Kafka Connect's JSON converter writes it; set Kafka:Envelopes:items=connect ")]
    [InlineData("""{"specversion":"1.0","type":"t","data":{}}""", "CloudEvent in structured mode; set Kafka:Envelopes:items=cloudevents ")]
    public void Without_the_option_the_reason_names_the_format_and_the_option(string value, string reason) =>
        Refused(() => Items("").ReadState<ItemEvent>(Bytes(value)), reason);

    [Fact]
    public void The_wire_format_is_named_with_what_it_holds()
    {
        var plain = Clicks("");
        Refused(() => plain.ReadEvent<ClickEvent>(Framed(Click)), "the value (schema id 258) is in the Confluent wire format",
            "Kafka:Envelopes:clicks=confluent ");
        foreach (var format in new[] { Clicks(""), Clicks("confluent") })
            Refused(() => format.ReadEvent<ClickEvent>([0, 0, 0, 1, 2, 8, 97, 98, 99, 100]),
                "holds no JSON: Avro and Protobuf cannot be read");
    }

    [Fact]
    public void An_envelope_inside_another_is_named_with_both() =>
        Refused(() => Items("confluent").ReadState<ItemEvent>(Framed(Change)), "set Kafka:Envelopes:items=confluent,debezium ");

    [Fact]
    public void A_table_key_without_the_option_is_named()
    {
        Refused(() => Items("").ReadKey(Bytes("""{"id":1004}""")), """the key is the JSON object {"id":1004}""",
            "Kafka:Envelopes:items=debezium");
        Refused(() => Items("").ReadKey(Framed("1004")), "the key is in the Confluent wire format", "Kafka:Envelopes:items=confluent");
        Refused(() => Items("").ReadKey(null), "no key");
    }

    [Theory]
    [InlineData("""{"before":null,"after":{"id":1004,"label":"Mug"},"op":"c"}""",
        "no 'name' for title, it has id, label; name the column by Kafka:Fields:items:title")]
    [InlineData("""{"before":null,"after":{"id":1.5,"name":"Mug"},"op":"c"}""", "'id' is 1.5; an id is a string or a whole number")]
    [InlineData("""{"before":null,"after":{"id":1,"name":7},"op":"c"}""", "inside its envelope: $.title: has the wrong type")]
    [InlineData("""{"before":null,"after":null,"op":"c"}""", "no row in 'after'")]
    [InlineData("""{"before":null,"after":null,"op":"t"}""", "the table was emptied")]
    [InlineData("""{"before":null,"after":{},"op":"x"}""", "op 'x'")]
    [InlineData("""{"before":null""", "$: Expected")]
    [InlineData("""{"item":"a"}""", "$: lacks 'title'")]
    public void A_broken_change_is_refused_with_the_reason(string value, string reason) =>
        Refused(() => Products("debezium").ReadState<ItemEvent>(Bytes(value)), reason);

    [Theory]
    [InlineData("""{"specversion":"1.0","type":"t","data":"x","datacontenttype":"text/plain"}""", "holds text/plain")]
    [InlineData("""{"specversion":"1.0","type":"t"}""", "no data")]
    public void A_CloudEvent_without_JSON_is_refused(string value, string reason) =>
        Refused(() => Clicks("cloudevents").ReadEvent<ClickEvent>(Bytes(value)), reason);

    [Theory]
    [InlineData("u")]
    [InlineData("d")]
    public void A_changed_row_is_no_click(string operation)
    {
        var change = Bytes($$"""{"before":{{Click}},"after":{{Click}},"op":"{{operation}}"}""");

        Refused(() => Clicks("debezium").ReadEvent<ClickEvent>(change), $"(op '{operation}')", "skipped.operations");
    }

    [Fact]
    public void A_key_of_several_columns_without_the_items_is_refused() =>
        Refused(() => Products("debezium").ReadKey(Bytes("""{"shop":1,"product":2}""")), "has no 'id'", "message.key.columns");

    [Fact]
    public void What_no_envelope_explains_keeps_its_own_reason() =>
        Refused(() => Items("").ReadState<ItemEvent>(Bytes("""{"item":"a"}""")), "$: lacks 'title'");

    [Fact]
    public void Damaged_bytes_are_read_or_refused_and_nothing_else()
    {
        string[] samples =
        [
            Change, Click, """{"id":1004}""", "{\"id\":\"\\ud800\"}", $$"""{"schema":{},"payload":{{Change}}}""",
            $$"""{"specversion":"1.0","type":"t","datacontenttype":"application/json","data":{{Click}}}""",
        ];
        RecordFormat[] formats = [Items(""), Items("debezium,connect"), Products("debezium,confluent,cloudevents"), Products("")];
        var damages = Gen.Select(Gen.Int[0, 300], Gen.Byte).Array[0, 4];
        Gen.Select(Gen.Int[0, samples.Length - 1], Gen.Bool, damages, Gen.Int[0, formats.Length - 1])
            .Sample((sample, framed, damage, format) =>
        {
            var bytes = framed ? Framed(samples[sample]) : Bytes(samples[sample]);
            foreach (var (at, value) in damage)
                bytes[at % bytes.Length] = value;
            ReadOrRefused(() => formats[format].ReadState<ItemEvent>(bytes));
            ReadOrRefused(() => formats[format].ReadEvent<ClickEvent>(bytes));
            ReadOrRefused(() => formats[format].ReadKey(bytes));
        });

        static void ReadOrRefused(Action read)
        {
            try
            {
                read();
            }
            catch (PoisonException)
            {
                // As a worker takes it: anything else would end the process.
            }
        }
    }

    private static RecordFormat Items(string envelopes) => new KafkaOptions { Envelopes = { ["items"] = envelopes } }.ItemFormat();

    private static RecordFormat Clicks(string envelopes) => new KafkaOptions { Envelopes = { ["clicks"] = envelopes } }.ClickFormat();

    private static RecordFormat Products(string envelopes) => new KafkaOptions
    {
        Envelopes = { ["items"] = envelopes },
        Fields = { ["items"] = new() { ["Item"] = "id", ["title"] = "name" } },
    }.ItemFormat();

    private static void Refused(Action read, params string[] parts)
    {
        var reason = Assert.Throws<PoisonException>(read).Message;
        Assert.All(parts, part => Assert.Contains(part, reason, StringComparison.Ordinal));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Framed(string text) => [0, 0, 0, 1, 2, .. Bytes(text)];
}
