using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Tests.Importing.Json;

public sealed class Ga4Tests : IDisposable
{
    // As BigQuery's export to JSON writes it: 64-bit numbers are strings, what is absent is null.
    private const string Export = """
        {"event_date":"20210131","event_timestamp":"1612069510766593","event_name":"page_view","event_params":[{"key":"ga_session_id","value":{"string_value":null,"int_value":"661084800"}}],"user_id":null,"user_pseudo_id":"1026454.4271112504","items":[]}
        {"event_date":"20210131","event_timestamp":"1612069510766594","event_name":"view_item","event_params":[{"key":"ga_session_id","value":{"string_value":null,"int_value":"661084800"}}],"user_id":null,"user_pseudo_id":"1026454.4271112504","items":[{"item_id":"GGOE1","item_name":"(not set)"}]}
        {"event_date":"20210131","event_timestamp":"1612069511766595","event_name":"view_item_list","user_id":null,"user_pseudo_id":"1026454.4271112504","items":[{"item_id":"GGOE1","item_name":"Google Tee","item_brand":"Google","item_category":"Apparel"},{"item_id":"GGOE3","item_name":"Mug"}]}
        {"event_date":"20210131","event_timestamp":"1612069512766596","event_name":"purchase","user_id":"member-7","user_pseudo_id":"1026454.4271112504","items":[{"item_id":"GGOE1","item_name":"Tee, renamed"},{"item_id":"GGOE2","item_name":""},{"item_id":"(not set)","item_name":"?"}]}
        {"event_date":"20210131","event_timestamp":"1612069513766597","event_name":"add_to_cart","user_id":"","user_pseudo_id":null,"items":[{"item_id":"GGOE1"}]}
        {"event_date":"20210131","event_timestamp":"1612069514766598","event_name":"select_item","user_id":"","user_pseudo_id":"9.9","items":[{"item_id":"GGOE2"}]}
        {"event_date":"20210131","event_timestamp":"1612069515766599","event_name":"page_view","user_pseudo_id":"9.9","items":[]}
        """;

    private readonly JsonFile file = new();

    public void Dispose() => file.Dispose();

    [Fact]
    public void Each_item_of_an_event_of_interest_is_a_click_and_the_rest_says_why_it_is_none()
    {
        var records = file.Open(Export);
        Assert.Equal(FileFormat.Ga4, records.Layout.Format);
        Assert.Equal(
            [
                "page_view events",
                "1026454.4271112504 GGOE1 1612069510766594 view 661084800",
                "view_item_list events",
                "member-7 GGOE1 1612069512766596 purchase -",
                "member-7 GGOE2 1612069512766596 purchase -",
                "entries without an item's id",
                "clicks without a user",
                "9.9 GGOE2 1612069514766598 click -",
                "page_view events",
            ], records.Read().Select(JsonFile.Click));
    }

    [Fact]
    public void Items_come_once_with_their_first_name_and_those_without_are_counted_at_the_end()
    {
        var records = file.Open(Export, FileKind.Items).Read().ToArray();
        Assert.Equal(["GGOE1=Google Tee brand:Google category:Apparel", "GGOE3=Mug", "items without a name"],
            records.Select(JsonFile.Item));
        Assert.Equal([3L, 3L, 4L], records.Select(record => record.Line));
    }

    [Fact]
    public void It_may_be_read_twice()
    {
        var records = file.Open(Export, FileKind.Items);
        Assert.Equal(records.Read().Count(), records.Read().Count());
    }

    [Fact]
    public void What_the_user_says_of_columns_goes_first()
    {
        var records =
            file.Open(
                """{"event_timestamp":"1612069510766594","event_name":"view_item","user_pseudo_id":"9.9","event_params":[{"key":"sku","value":{"string_value":"A-1"}}]}""",
            columns: "item=event_params[sku],user=user_pseudo_id");
        Assert.Equal(["9.9 A-1 1612069510766594 view -"], records.Read().Select(JsonFile.Click));
    }

    [Fact]
    public void As_plain_jsonl_with_a_mapping_every_event_with_items_is_a_click()
    {
        var records =
            file.Open(Export, format: FileFormat.Jsonl,
                columns: "user=user_pseudo_id,time=event_timestamp,item=items[].item_id,title=items[].item_name");
        Assert.Equal(8, records.Read().Count(record => record.LeftOut is null));
        Assert.Equal(2, records.Read().Count(record => record.LeftOut == "objects whose list is empty"));
    }
}
