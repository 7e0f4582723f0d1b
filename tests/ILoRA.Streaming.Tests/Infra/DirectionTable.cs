using System.Text.RegularExpressions;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Infra;

/// <summary>
/// The table of directions in <c>src/README.md</c>: one row a project, its folders in levels parted by <c>&gt;</c>. A folder uses those of
/// the levels to its right; the ones of its own level, parted by commas, it does not.
/// </summary>
internal sealed partial class DirectionTable
{
    public const string ProjectsRow = "src";

    private readonly Dictionary<Folder, int> levels = [];

    /// <exception cref="InvalidDataException">A folder stands there twice, or the table is not there.</exception>
    public DirectionTable(string markdown)
    {
        foreach (var row in Row().Matches(markdown).Cast<Match>())
        {
            var columns = row.Groups["levels"].Value.Split('>');
            foreach (var (level, names) in columns.Index())
                foreach (var name in names.Split(',', StringSplitOptions.TrimEntries))
                    if (!levels.TryAdd(new(row.Groups["project"].Value, name is "(root)" ? "" : name), level))
                        throw new InvalidDataException($"{row.Groups["project"].Value}/{name} stands twice in the table");
        }
        if (levels.Count == 0)
            throw new InvalidDataException("src/README.md has no table of directions");
    }

    public static DirectionTable Read() => new(File.ReadAllText(Repository.PathOf("src", "README.md")));

    public IEnumerable<Folder> Folders => levels.Keys;

    /// <returns>The arrows that the table does not allow.</returns>
    public IEnumerable<Arrow> Refused(IEnumerable<Arrow> arrows) => arrows.Where(arrow => !Allows(arrow));

    private bool Allows(Arrow arrow) => arrow.From.Project == arrow.To.Project
        ? Right(arrow.From, arrow.To)
        : Right(new(ProjectsRow, arrow.From.Project), new(ProjectsRow, arrow.To.Project));

    private bool Right(Folder from, Folder to) =>
        levels.TryGetValue(from, out var first) && levels.TryGetValue(to, out var second) && first < second;

    [GeneratedRegex(@"^\| `(?<project>src|ILoRA\.Streaming[\w.]*)` \| (?<levels>[^|]+>[^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
