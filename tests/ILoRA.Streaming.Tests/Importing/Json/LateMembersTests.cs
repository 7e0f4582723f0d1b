
namespace ILoRA.Streaming.Tests.Importing.Json;

/// <summary>Optional members that are called otherwise late in a file.</summary>
public sealed class LateMembersTests : IDisposable
{
    private const int Before = 150;
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("\"is_deleted\":true")]
    [InlineData("\"deleted\":false,\"is_deleted\":true")]
    public void Of_two_deletions_that_differ_none_is_taken(string members) => Assert.Equal(
        "items.jsonl:151: 'is_deleted' is 'true', but the first objects have 'deleted' for it; say which is meant: --columns "
            + "deleted=deleted.",
        file.ItemsRefusal("items.jsonl", Items("\"deleted\":false") + $$"""{"item":"x","title":"t",{{members}}}"""));

    [Theory]
    [InlineData("\"is_deleted\":false")]
    [InlineData("\"is_deleted\":null")]
    [InlineData("\"deleted\":true,\"is_deleted\":1")]
    public void Deletions_that_say_the_same_are_taken(string members)
        => Assert.Equal(Before + 1,
            file.Items("items.jsonl", Items("\"deleted\":false") + $$"""{"item":"x","title":"t",{{members}}}""").Count);

    [Fact]
    public void A_deletion_under_another_name_among_the_first_objects_is_not_passed_over() => Assert.StartsWith(
        "items.jsonl:2: 'is_deleted' is 'true', but the first objects have 'deleted' for it;",
        file.ItemsRefusal("items.jsonl",
            "{\"item\":\"a\",\"title\":\"t\",\"deleted\":false}\n{\"item\":\"b\",\"title\":\"t\",\"is_deleted\":true}\n"),
                StringComparison.Ordinal);

    [Fact]
    public void The_flag_says_which_is_meant()
        => Assert.Equal(Before + 1,
            file.Items("items.jsonl", Items("\"deleted\":false") + """{"item":"x","title":"t","is_deleted":true}""",
                ImportedFile.With("deleted=deleted")).Count);

    [Theory]
    [InlineData("\"action\":\"remove_from_cart\"")]
    [InlineData("\"type\":\"view\",\"action\":\"remove_from_cart\"")]
    public void Of_two_types_that_differ_none_is_taken(string members) => Assert.Equal(
        "clicks.jsonl:151: 'action' is 'remove_from_cart', but the first objects have 'type' for it; say which is meant: --columns "
            + "type=type.",
        file.ClicksRefusal("clicks.jsonl", Clicks("\"type\":\"view\"") + $$"""{"user":"u","item":"i","time":1700000000,{{members}}}"""));

    [Fact]
    public void Of_two_late_members_that_differ_none_is_taken() => Assert.Equal(
        "clicks.jsonl:151: 'action' is 'remove_from_cart', but 'event' is 'view'; say which is meant: --columns type=event.",
        file.ClicksRefusal("clicks.jsonl",
            Clicks("\"n\":1") + """{"user":"u","item":"i","time":1700000000,"event":"view","action":"remove_from_cart"}"""));

    [Fact]
    public void Types_that_mean_the_same_are_taken()
        => Assert.Equal(Before + 1,
            file.Clicks("clicks.jsonl",
                Clicks("\"type\":\"view\"") + """{"user":"u","item":"i","time":1700000000,"type":"view","action":"View-Item"}""").Count);

    [Theory]
    [InlineData("\"\\ud800\":1")]
    [InlineData("\"x\\udc00y\":1")]
    public void Half_a_surrogate_pair_in_a_name_is_a_bad_row(string member)
    {
        foreach (var before in (string[])["", Clicks("\"n\":1")])
        {
            var text =
                before + $$"""{"user":"u","item":"i","time":1700000000,{{member}}}""" + "\n"
                    + """{"user":"u","item":"i","time":1700000000}""";
            var line = before.Count(each => each == '\n') + 1;
            Assert.StartsWith($"clicks.jsonl:{line}: Cannot read ", file.ClicksRefusal("clicks.jsonl", text), StringComparison.Ordinal);
            Assert.Equal(line, file.Clicks("clicks.jsonl", text, new() { SkipBad = 1 }).Count);
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_in_an_event_of_Analytics_is_a_bad_row()
    {
        const string Text = """
            {"event_timestamp":"1612069510766594","event_name":"view_item","user_pseudo_id":"9.9","items":[{"item_id":"a"}]}
            {"event_timestamp":"1612069510766594","event_name":"\ud800","user_pseudo_id":"9.9","items":[{"item_id":"a"}]}
            """;
        Assert.StartsWith("clicks.jsonl:2: Cannot read ", file.ClicksRefusal("clicks.jsonl", Text), StringComparison.Ordinal);
    }

    private static string Items(string member)
        => string.Concat(Enumerable.Range(0, Before).Select(n => $$"""{"item":"i{{n}}","title":"t",{{member}}}""" + "\n"));

    private static string Clicks(string member)
        => string.Concat(Enumerable.Repeat($$"""{"user":"u","item":"i","time":1700000000,{{member}}}""" + "\n", Before));
}
