using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Configuration;

/// <summary>The page names every setting with its default, its range and its meaning; ILORA_APPROVE=1 writes its tables anew.</summary>
public sealed class ConfigurationPageTests
{
    private const string Marker = "<!-- The tables below are generated from the options: tests/ILoRA.Streaming.Tests/Configuration. -->\n";
    private static readonly string Page = Repository.PathOf("docs", "configuration.md");

    [Fact]
    public void The_tables_are_those_of_the_options()
    {
        var written = File.ReadAllText(Page);
        var introduction = written[..(written.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length)];
        var expected = introduction + ConfigurationPage.Tables();

        Assert.Equal(expected, Approved.Read(Page, expected));
    }
}
