using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Tests.Importing.Json;

public sealed class JsonRecordsTests : IDisposable
{
    private const string Good = "{\"user\":\"u\",\"item\":\"a\",\"time\":1}\n";
    private const string Orders =
        """{"customer":"u1","when":"2026-01-31","orders":[{"no":1,"lines":[{"sku":"a","name":"Ant"},{"sku":"b"}]},{"no":2,"lines":[{"sku":"c"}]}]}""";

    private readonly JsonFile file = new();

    public void Dispose() => file.Dispose();

    [Fact]
    public void The_products_own_clicks_are_read_by_name()
    {
        var records =
            file.Open(
                """{"user":"u1","item":"i1","time":1700000000000,"type":"cart","session":"s","id":"x","recommendation":"r","new":1}""");
        var record = Assert.Single(records.Read());
        Assert.Equal("u1 i1 1700000000000 cart s", JsonFile.Click(record));
        Assert.Equal(("x", "r", 1L), (record[ColumnRole.Id], record[ColumnRole.Recommendation], record.Line));
        Assert.Equal(FileFormat.Jsonl, records.Layout.Format);
    }

    [Fact]
    public void The_products_own_items_are_read_by_name()
    {
        var record =
            Assert.Single(
                file.Open("""{"item":"i1","title":"Lamp","attributes":{"colour":"red","n":1},"deleted":true}""", FileKind.Items).Read());
        Assert.Equal("i1=Lamp colour:red n:1", JsonFile.Item(record));
        Assert.Equal("true", record[ColumnRole.Deleted]);
    }

    [Fact]
    public void Members_are_recognised_by_other_known_names_and_optional_ones_need_not_be_in_the_first_object()
    {
        var records =
            file.Open("{\"userId\":7,\"product_id\":12,\"ts\":1700000000}\n\n"
                + "{\"userId\":8,\"product_id\":13,\"ts\":1700000001,\"sessionId\":\"s\"}\n");
        Assert.Equal(["7 12 1700000000 - -", "8 13 1700000001 - s"], records.Read().Select(JsonFile.Click));
        Assert.Equal([1L, 3L], records.Read().Select(record => record.Line));
    }

    [Theory]
    [InlineData("event_type")]
    [InlineData("eventType")]
    [InlineData("EventType")]
    [InlineData("EVENT_TYPE")]
    [InlineData("event-type")]
    [InlineData("action")]
    public void A_type_that_comes_late_under_another_name_is_read(string name)
    {
        const int Before = 150;
        var text = string.Concat(Enumerable.Repeat(Good, Before)) + $$"""{"user":"u","item":"a","time":1,"{{name}}":"remove_from_cart"}""";
        Assert.Equal("remove_from_cart", file.Open(text).Read().Last()[ColumnRole.Type]);
    }

    [Fact]
    public void Paths_reach_into_objects_and_each_element_of_a_list_is_a_click()
    {
        const string Columns = "user=who.id,time=at,item=basket[].sku,title=basket[].name";
        var records = file.Open("""{"who":{"id":"u1"},"at":1700000000,"basket":[{"sku":"a"},{"sku":"b"}]}""", columns: Columns);
        Assert.Equal(["u1 a 1700000000 - -", "u1 b 1700000000 - -"], records.Read().Select(JsonFile.Click));
        Assert.Equal("basket[].sku", records.Layout.Columns[ColumnRole.Item]);
        Assert.DoesNotContain(ColumnRole.Title, records.Layout.Columns);
    }

    [Fact]
    public void One_mapping_serves_for_items_too()
    {
        const string Columns = "user=who.id,time=at,item=basket[].sku,title=basket[].name";
        var records = file.Open("""{"at":1,"basket":[{"sku":"a","name":"Ant"},{"sku":"b"}]}""", FileKind.Items, columns: Columns);
        Assert.Equal(["a=Ant", "b="], records.Read().Select(JsonFile.Item));
    }

    [Fact]
    public void Lists_within_lists_are_gone_through()
        => Assert.Equal(["u1 a 2026-01-31 - 1", "u1 b 2026-01-31 - 1", "u1 c 2026-01-31 - 2"],
            file.Open(Orders, columns: "user=customer,time=when,item=orders[].lines[].sku,session=orders[].no").Read()
                .Select(JsonFile.Click));

    [Fact]
    public void Values_of_two_lists_are_not_paired()
    {
        var failure = Assert.Throws<InvalidDataException>(
            () => file.Open("""{"a":[],"b":[],"t":1}""", columns: "user=a[].id,item=b[].id,time=t"));
        Assert.Equal("'a[].id' and 'b[].id' go through different lists; take both from one list", failure.Message);
    }

    [Fact]
    public void A_list_of_plain_values_is_gone_through()
    {
        var records = file.Open("""{"user":"u","t":1,"viewed":["a",2]}""", columns: "item=viewed[],time=t");
        Assert.Equal(["u a 1 - -", "u 2 1 - -"], records.Read().Select(JsonFile.Click));
    }

    [Fact]
    public void A_keyed_value_is_found_in_a_list_of_keys_and_values()
    {
        const string Params = """[{"key":"x","value":1},{"key":"product","value":{"string_value":null,"int_value":"77"}}]""";
        var records = file.Open($$"""{"user":"u","time":1,"params":{{Params}}}""", columns: "item=params[product]");
        Assert.Equal(["u 77 1 - -"], records.Read().Select(JsonFile.Click));
    }

    [Fact]
    public void Objects_with_an_empty_list_are_left_out()
    {
        var records =
            file.Open(
                "{\"user\":\"u\",\"time\":1,\"viewed\":[\"a\"]}\n{\"user\":\"u\",\"time\":1,\"viewed\":[]}\n{\"user\":\"u\",\"time\":1}\n",
                columns: "item=viewed[]");
        Assert.Equal(["u a 1 - -", "objects whose list is empty", "objects whose list is empty"], records.Read().Select(JsonFile.Click));
    }

    [Theory]
    [InlineData("""{"user":"u","item":["a"],"time":1}""", "item is a list, not a value")]
    [InlineData("""{"user":{"id":1},"item":"a","time":1}""", "user is an object, not a value")]
    [InlineData("""{"user":"\ud800","item":"a","time":1}""",
        "Cannot read incomplete UTF-16 JSON text as string with missing low surrogate.")]
    [InlineData("""{"user":"u",}""", "not JSON: ")]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("u1,i1,1700000000", "not JSON: ")]
    public void A_bad_line_is_a_problem_of_its_record_alone(string line, string problem)
    {
        var records = file.Open($"{Good}{line}\n{Good}").Read().ToArray();
        Assert.Equal(3, records.Length);
        Assert.StartsWith(problem, records[1].Problem, StringComparison.Ordinal);
        Assert.Equal([1L, 2L, 3L], records.Select(record => record.Line));
    }

    [Theory]
    [InlineData("""{"visitor":"u","good":"a","time":1}""", null,
        "export.jsonl: no member is known to be the item; it has visitor, good, time; known names are item, ")]
    [InlineData("""{"user_id":"u","customer_id":"v","item":"a","time":1}""", null,
        "export.jsonl: user_id and customer_id could each be the user; say which: --columns user=user_id.")]
    [InlineData("""{"user":"u","item":"a","time":1}""", "item=sku",
        "export.jsonl: no object of the first 100 has 'sku' (--columns item=sku); they have user, item, time.")]
    [InlineData("""{"user":"u","item":"a","time":1}""", "item=a[b",
        "'a[b' is no path to a JSON value; write names joined by dots, lists as items[].item_id")]
    [InlineData("", null, "export.jsonl: holds no JSON object.")]
    [InlineData("user,item\n", null, "export.jsonl:1: not JSON: 'u' is an invalid start of a value.")]
    public void What_is_not_certain_is_refused_with_the_option_to_use(string text, string? columns, string message)
        => Assert.StartsWith(message, Assert.Throws<InvalidDataException>(() => file.Open(text, columns: columns)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_role_that_the_user_does_not_want_is_not_read()
        => Assert.Equal(["u a 1 - -"],
            file.Open("""{"user":"u","item":"a","time":1,"type":"odd","event":"odd"}""", columns: "type=-").Read().Select(JsonFile.Click));

    [Fact]
    public void The_products_own_name_goes_before_other_known_names()
        => Assert.Equal(["u a 1 - -"], file.Open("""{"user":"u","user_id":"v","item":"a","time":1}""").Read().Select(JsonFile.Click));

    [Theory]
    [InlineData("[{\"user\":\"u\",\"item\":\"a\",\"time\":1},\n{\"user\":\"u\",\"item\":\"}]\\\"{\",\"time\":2}]", 1, 2)]
    [InlineData(
        "[\n  {\n    \"user\": \"u\",\n    \"item\": \"a\",\n    \"time\": 1\n  },\n  "
            + "{\"user\":\"u\",\"item\":\"}]\\\"{\",\"time\":2}\n]\n", 2, 7)]
    [InlineData(
        "{\n  \"user\": \"u\",\n  \"item\": \"a\",\n  \"time\": 1\n}\n{\n  \"user\": \"u\",\n  \"item\": \"}]\\\"{\",\n  \"time\": 2\n}\n",
        1, 6)]
    public void An_array_and_objects_over_several_lines_are_read(string text, long first, long second)
    {
        var records = file.Open(text).Read().ToArray();
        Assert.Equal(["u a 1 - -", "u }]\"{ 2 - -"], records.Select(JsonFile.Click));
        Assert.Equal([first, second], records.Select(record => record.Line));
    }

    [Theory]
    [InlineData("[\n{\"user\":\"u\"", "export.jsonl:2: the object that begins here has no end.")]
    [InlineData("[\n{\"user\":\"u\"}\n", "export.jsonl:3: the array has no end: the file is cut off.")]
    [InlineData("[\n{\"user\":\"u},\n{\"user\":\"v\"}]", "export.jsonl:2: a string is not closed.")]
    [InlineData("[\n\"user\"]",
        "export.jsonl:2: '\"' stands where an object should begin; give one JSON object a line, or one array of objects.")]
    [InlineData("[{}]\n{}",
        "export.jsonl:2: '{' stands where an object should begin; give one JSON object a line, or one array of objects.")]
    [InlineData("{\n\"user\":1},{}",
        "export.jsonl:2: ',' stands where an object should begin; give one JSON object a line, or one array of objects.")]
    public void A_broken_array_is_refused_at_its_line(string text, string message)
        => Assert.Equal(message, Assert.Throws<InvalidDataException>(() => file.Open(text)).Message);

    [Fact]
    public void Optional_members_of_clicks_may_first_occur_late_in_the_file()
    {
        var many = string.Concat(Enumerable.Repeat(Good, 150));
        var last =
            file.Open(many + """{"user":"u","item":"a","time":1,"type":"cart","session":"s","recommendation":"r","id":"x"}""").Read()
                .Last();
        Assert.Equal("u a 1 cart s", JsonFile.Click(last));
        Assert.Equal(("r", "x"), (last[ColumnRole.Recommendation], last[ColumnRole.Id]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("deleted=deleted")]
    public void A_deletion_may_first_occur_late_in_the_file(string? columns)
    {
        var many = string.Concat(Enumerable.Range(0, 150).Select(n => $"{{\"item\":\"i{n}\",\"title\":\"t\"}}\n"));
        Assert.Equal("true",
            file.Open(many + """{"item":"i1","title":"t","deleted":true}""", FileKind.Items, columns: columns).Read()
                .Last()[ColumnRole.Deleted]);
    }
}
