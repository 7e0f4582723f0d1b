using System.Text.RegularExpressions;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Infra;

public sealed partial class TreeRulesTests
{
    static readonly string[] Sources = [.. Repository.Files("*.cs")];

    /// <summary>Free are raw strings in source, and tables, code and links in Markdown.</summary>
    [Fact]
    public void No_line_has_more_than_140_characters() => None(Sources.SelectMany(path => Wide(path, RawText()))
        .Concat(Repository.Files("*.md").SelectMany(path => Wide(path, FreeMarkdown()))));

    [Fact]
    public void The_main_of_each_worker_has_fewer_than_40_lines()
    {
        var mains =
            Sources.Where(
                path => path.Contains(".Worker/", StringComparison.Ordinal) && path.EndsWith("/Program.cs", StringComparison.Ordinal))
                    .ToArray();
        Assert.Equal(3, mains.Length);
        None(mains.Where(path => Lines(path).Length >= 40));
    }

    [Fact]
    public void Every_interface_has_two_implementations()
    {
        var text = string.Join('\n', Sources.Where(path => path.StartsWith("src/", StringComparison.Ordinal)).Select(Text));
        var interfaces = InterfaceName().Matches(text).Select(match => match.Groups["name"].Value).Distinct();
        var bases = TypeWithBases().Matches(text).Select(match => match.Groups["bases"].Value).ToArray();
        None(interfaces.Where(name => bases.Count(list => Regex.IsMatch(list, $@"\b{name}\b")) < 2));
    }

    [Fact]
    public void No_folder_or_file_is_named_without_a_meaning() =>
        None(Repository.Files().Where(path => MeaninglessName().IsMatch(path)));

    [Fact]
    public void Nothing_is_left_unfinished() =>
        None(Sources.Where(path => Unfinished().IsMatch(Text(path))));

    [Fact]
    public void No_test_waits_by_sleeping() =>
        None(Sources.Where(path => path.StartsWith("tests/", StringComparison.Ordinal) && SleepingWait().IsMatch(Text(path))));

    [Fact]
    public void No_text_file_names_a_path_of_one_machine() =>
        None(Repository.Files().Where(path => TextFile().IsMatch(path) && MachinePath().IsMatch(Text(path))));

    [Fact]
    public void The_shipped_files_are_small() =>
        None(Repository.Files().Select(path => (path, kib: new FileInfo(Repository.PathOf(path)).Length / 1024))
            .Where(file => file.kib > 6000));

    [Fact]
    public void Namespaces_follow_folders() =>
        None(Sources.Where(path => NamespaceOf(path) is { } name && name != ExpectedNamespace(path)));

    static void None<T>(IEnumerable<T> offenders) => Assert.Equal([], offenders.Select(offender => $"{offender}").ToArray());

    static IEnumerable<string> Wide(string path, Regex free)
    {
        var text = free.Replace(Text(path), match => new string('\n', match.Value.Count(c => c == '\n')));
        return text.Split('\n').Index().Where(line => line.Item.Length > 140).Select(line => $"{path}:{line.Index + 1}");
    }

    static string? NamespaceOf(string path) => Namespace().Match(Text(path)) is { Success: true } match ? match.Groups[1].Value : null;

    // src/ILoRA.Streaming.Model/Adapters/Gate.cs -> ILoRA.Streaming.Model.Adapters
    static string ExpectedNamespace(string path) => string.Join('.', path.Split('/')[1..^1]);

    static string Text(string path) => File.ReadAllText(Repository.PathOf(path));
    static string[] Lines(string path) => File.ReadAllLines(Repository.PathOf(path));

    [GeneratedRegex("\"{3,}.*?\"{3,}", RegexOptions.Singleline)]
    private static partial Regex RawText();

    [GeneratedRegex(@"^```.*?^```|^( {4}|\|).*?$|\[[^\]\n]*\]\([^)\n]*\)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex FreeMarkdown();

    [GeneratedRegex(@"\binterface\s+(?<name>I[A-Z]\w*)")]
    private static partial Regex InterfaceName();

    [GeneratedRegex(@"\b(?:class|record|struct)\s+\w+[^;{=]*?\)?\s*:\s*(?<bases>[^{;]+)")]
    private static partial Regex TypeWithBases();

    [GeneratedRegex(@"(^|/)(helpers?|utils?|common|managers?)(\.cs)?(/|$)|(Helpers?|Utils?|Manager)\.cs$", RegexOptions.IgnoreCase)]
    private static partial Regex MeaninglessName();

    // Spelled in pieces, so that this file does not hold the words it looks for.
    [GeneratedRegex("TO" + "DO|FIX" + "ME|HA" + "CK|NotImplemented" + "Exception|Skip *= *\"")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"Thread\.Sl" + @"eep|Task\.Del" + @"ay\([0-9]")]
    private static partial Regex SleepingWait();

    [GeneratedRegex("/wo" + "rk/|/fa" + "rm/|/ro" + "ot/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\.(cs|csproj|props|targets|md|ya?ml|json|sh|sln|proto|lua|txt)$"
        + @"|(^|/)(Dockerfile|run|readme|NOTICE|LICENSE|\.editorconfig|\.gitignore)$")]
    private static partial Regex TextFile();

    [GeneratedRegex(@"^namespace\s+([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
