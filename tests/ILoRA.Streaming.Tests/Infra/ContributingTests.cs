using System.Text.RegularExpressions;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Infra;

public sealed partial class ContributingTests
{
    [Fact]
    public void Every_file_and_folder_that_the_page_names_is_there()
    {
        string[] named = [.. Place().Matches(File.ReadAllText(Repository.PathOf("CONTRIBUTING.md")))
            .Select(match => match.Groups["path"].Value)];
        Assert.NotEmpty(named);
        Assert.Equal([], named.Where(path => !Path.Exists(Repository.PathOf(path))));
    }

    [GeneratedRegex("`(?<path>(?:src|tests|schemas|docs|\\.ci)(?:/[\\w./-]+)?)`")]
    private static partial Regex Place();
}
