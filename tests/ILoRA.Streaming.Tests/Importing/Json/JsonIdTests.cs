using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing.Json;

public sealed class JsonIdTests : IDisposable
{
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("12", "12")]
    [InlineData("12.0", "12")]
    [InlineData("1.2e1", "12")]
    [InlineData("1E3", "1000")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("123456789012345678901234567890123456789", "123456789012345678901234567890123456789")]
    [InlineData("-7", "-7")]
    [InlineData("\"12.0\"", "12.0")]
    public void A_whole_number_is_its_digits_and_a_text_stays_as_it_is(string json, string id)
    {
        Assert.Equal($"u {id} 1700000000",
            Assert.Single(Texts(file.Clicks("clicks.jsonl", $$"""{"user":"u","item":{{json}},"time":1700000000}"""))));
        Assert.Equal($"{id}=Lamp", Assert.Single(Titles(file.Items("items.jsonl", $$"""{"item":{{json}},"title":"Lamp"}"""))));
    }

    [Theory]
    [InlineData("true", "user is true, not an id; write ids as texts or whole numbers")]
    [InlineData("false", "user is false, not an id; write ids as texts or whole numbers")]
    [InlineData("1.5", "user is 1.5, not a whole number; write ids as texts or whole numbers")]
    [InlineData("1e400", "user is 1e400, not a whole number; write ids as texts or whole numbers")]
    public void Other_values_are_bad_rows(string json, string problem)
    {
        const string Good = """{"user":"u","item":"i","time":1700000000}""";
        var text = $$"""
            {{Good}}
            {"user":{{json}},"item":"i","time":1700000000}
            """;
        Assert.Equal($"clicks.jsonl:2: {problem}.", file.ClicksRefusal("clicks.jsonl", text));
        Assert.Equal(1, file.Clicks("clicks.jsonl", text, new() { SkipBad = 1 }).Count);
    }

    [Fact]
    public void A_truth_value_that_is_no_id_is_taken()
        => Assert.True(Assert.Single(file.Items("items.jsonl", """{"item":"i","title":"Lamp","deleted":true}""").Lines).Deleted);
}
