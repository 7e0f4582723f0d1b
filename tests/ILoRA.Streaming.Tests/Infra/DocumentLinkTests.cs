using System.Text.RegularExpressions;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Infra;

/// <summary>Relative links of all Markdown files: the file exists, and so does the heading that an anchor names.</summary>
public sealed partial class DocumentLinkTests
{
    [Fact]
    public void Every_relative_link_leads_to_a_file_and_every_anchor_to_a_heading() =>
        Assert.Equal([], Repository.Files("*.md").SelectMany(Broken));

    [Fact]
    public void Every_page_of_docs_is_linked_from_another_page()
    {
        var linked =
            Repository.Files("*.md")
                .SelectMany(page => Targets(page).Select(target => target.File).Where(file => file != Repository.PathOf(page))).ToHashSet();
        Assert.Equal([],
            Repository.Files("*.md")
                .Where(page => page.StartsWith("docs/", StringComparison.Ordinal) && !linked.Contains(Repository.PathOf(page))));
    }

    [Theory]
    [InlineData("## What the terms of the score bring", "what-the-terms-of-the-score-bring")]
    [InlineData("# Scorer, loss, prompt", "scorer-loss-prompt")]
    [InlineData("## `Cache:Folder` and [links](x.md)", "cachefolder-and-links")]
    public void Anchors_are_those_of_GitHub(string heading, string anchor) => Assert.Equal([anchor], Anchors(heading));

    private static IEnumerable<string> Broken(string page) =>
        from target in Targets(page)
        where !Path.Exists(target.File) || (target.Anchor != "" && !Anchors(File.ReadAllText(target.File)).Contains(target.Anchor))
        select $"{page}: {target.Link}";

    private static IEnumerable<(string Link, string File, string Anchor)> Targets(string page)
    {
        var path = Repository.PathOf(page);
        foreach (Match match in Link().Matches(WithoutCode(File.ReadAllText(path))))
        {
            var link = match.Groups[1].Value;
            if (link.Contains(':', StringComparison.Ordinal))
                continue;
            var (file, anchor) = (link.Split('#')[0], link.Contains('#', StringComparison.Ordinal) ? link.Split('#')[1] : "");
            yield return (link, file == "" ? path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, file)), anchor);
        }
    }

    // GitHub's rule: lower case, punctuation dropped, blanks become hyphens, a repeated heading gets a number.
    private static IEnumerable<string> Anchors(string text)
    {
        var seen = new Dictionary<string, int>();
        foreach (Match heading in Heading().Matches(WithoutFences(text)))
        {
            var plain = Link().Replace(heading.Groups[1].Value, "]");
            var anchor = NotInAnchor().Replace(plain.Trim().ToLowerInvariant(), "").Replace(' ', '-');
            seen[anchor] = seen.TryGetValue(anchor, out var times) ? times + 1 : 0;
            yield return seen[anchor] == 0 ? anchor : $"{anchor}-{seen[anchor]}";
        }
    }

    private static string WithoutCode(string text) => CodeSpan().Replace(WithoutFences(text), "");

    private static string WithoutFences(string text) => FencedBlock().Replace(text, "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FencedBlock();

    // A link text may be code (`[x](y)` is not a link, [`x`](y) is one), so only spans that hold a whole link count.
    [GeneratedRegex(@"`[^`\n]*\]\([^`\n]*`")]
    private static partial Regex CodeSpan();
}
