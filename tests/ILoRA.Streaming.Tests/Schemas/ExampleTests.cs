using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Schemas;

public sealed class ExampleTests
{
    public static TheoryData<string> Valid => Files("valid");

    public static TheoryData<string> Invalid => Files("invalid");

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_valid_example_holds_by_its_schema_and_by_the_reader(string example)
    {
        var (name, json) = Read(example);
        Assert.Null(EventSchemas.Refusal(name, json));
        Assert.Null(EventSchemas.ReaderRefusal(name, json));
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_invalid_example_is_refused_by_its_schema_and_by_the_reader(string example)
    {
        var (name, json) = Read(example);
        Assert.NotNull(EventSchemas.Refusal(name, json));
        var reason = EventSchemas.ReaderRefusal(name, json);
        Assert.False(string.IsNullOrWhiteSpace(reason));
        Assert.DoesNotContain("ILoRA.", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_event_has_a_schema_and_examples_of_both_kinds()
    {
        Assert.Equal(EventSchemas.Names.Order(),
            Directory.GetFiles(Repository.PathOf("schemas"), "*.schema.json").Select(path => Path.GetFileName(path).Split('.')[0]).Order());
        foreach (var kind in new[] { "valid", "invalid" })
            Assert.Equal(EventSchemas.Names.Order(),
                Directory.GetDirectories(Repository.PathOf("schemas", "examples", kind)).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Clicks_can_go_wrong_in_more_than_thirty_ways() =>
        Assert.True(Directory.GetFiles(Repository.PathOf("schemas", "examples", "invalid", "click")).Length > 30);

    private static TheoryData<string> Files(string kind)
    {
        var root = Repository.PathOf("schemas", "examples");
        return [.. Directory.GetFiles(Path.Combine(root, kind), "*.json", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path)).Order(StringComparer.Ordinal)];
    }

    private static (string Name, byte[] Json) Read(string example) =>
        (example.Split(Path.DirectorySeparatorChar)[1], File.ReadAllBytes(Repository.PathOf("schemas", "examples", example)));
}
