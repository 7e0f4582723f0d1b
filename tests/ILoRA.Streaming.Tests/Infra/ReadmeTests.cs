using System.Text.RegularExpressions;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Infra;

public sealed partial class ReadmeTests
{
    [Fact]
    public void Every_command_block_of_the_front_page_is_run_by_CI() =>
        Assert.All(Fence().Matches(Text("README.md")).Select(match => match.Groups[1].Value),
            info => Assert.Matches("^(bash ci:[a-z-]+|mermaid|text|json)$", info));

    [Fact]
    public void The_demo_comes_first_and_the_tests_second() =>
        Assert.Equal(["demo", "test"],
            Fence().Matches(Text("README.md")).Select(match => match.Groups[1].Value)
                .Where(info => info.StartsWith("bash ci:", StringComparison.Ordinal)).Select(info => info[8..]).Take(2));

    /// <summary>By itself, <c>dotnet run</c> hides restore and build: the first command of all would be silent for minutes.</summary>
    [Fact]
    public void The_demo_shows_that_it_is_being_built() =>
        Assert.Contains("```bash ci:demo\ndotnet run -v minimal ", Text("README.md"), StringComparison.Ordinal);

    static string Text(string path) => File.ReadAllText(Repository.PathOf(path));

    // An opening fence and its info string; the closing one has none.
    [GeneratedRegex(@"^```(\S.*)$", RegexOptions.Multiline)]
    private static partial Regex Fence();
}
