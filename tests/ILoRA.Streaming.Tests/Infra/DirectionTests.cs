namespace ILoRA.Streaming.Tests.Infra;

public sealed class DirectionTests
{
    private const string Table = """
        | `src` | ILoRA.Streaming.A > ILoRA.Streaming.B |
        | `ILoRA.Streaming.A` | (root) > Top > Left, Right > Low |
        """;

    [Fact]
    public void Every_folder_uses_only_those_that_the_table_of_src_README_allows() =>
        None(DirectionTable.Read().Refused(FolderReferences.All));

    [Fact]
    public void The_table_names_every_folder_and_no_other()
    {
        var arrows = FolderReferences.All;
        var used = arrows.SelectMany(arrow => new[] { arrow.From, arrow.To }).ToHashSet();
        var named = DirectionTable.Read().Folders.Where(folder => folder.Project != DirectionTable.ProjectsRow).ToHashSet();
        var projects = named.Select(folder => folder.Project).ToHashSet();
        // A project of one folder has no row.
        None(used.Where(folder => projects.Contains(folder.Project)).Except(named));
        None(named.Except(used));
    }

    [Theory]
    [InlineData("Low", "Top")]
    [InlineData("Left", "Right")]
    [InlineData("Top", "")]
    [InlineData("Low", "Unnamed")]
    public void An_arrow_to_the_left_or_within_a_level_is_refused(string from, string to)
    {
        var arrow = new Arrow(In("A", from), In("A", to), "Planted.cs");
        Assert.Equal([arrow], new DirectionTable(Table).Refused([new(In("A", "Top"), In("A", "Low"), "Fine.cs"), arrow]));
    }

    [Fact]
    public void Projects_have_a_direction_too() =>
        Assert.Single(
            new DirectionTable(Table).Refused(
                [new(In("A", "Low"), In("B", "Any"), "Fine.cs"), new(In("B", "Any"), In("A", "Top"), "Planted.cs")]));

    [Fact]
    public void A_folder_stands_in_the_table_once() =>
        Assert.Throws<InvalidDataException>(() => new DirectionTable(Table.Replace("> Low", "> Low, Top", StringComparison.Ordinal)));

    [Fact]
    public void Arrows_are_found_in_compiled_code_and_in_using_directives()
    {
        var arrows = FolderReferences.All;
        Assert.Contains(arrows, arrow => arrow.From == In("", "Kafka") && arrow.To == In("", "Telemetry"));
        Assert.Contains(arrows, arrow => arrow.From == In("Inference", "Serving") && arrow.To == In("", "Kafka"));
    }

    private static void None<T>(IEnumerable<T> offenders)
    {
        if (string.Join('\n', offenders) is { Length: > 0 } list)
            Assert.Fail(list);
    }

    private static Folder In(string project, string path) =>
        new(project.Length > 0 ? $"ILoRA.Streaming.{project}" : "ILoRA.Streaming", path);
}
