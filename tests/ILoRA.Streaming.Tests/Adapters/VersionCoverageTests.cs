using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Model.Encoders;

namespace ILoRA.Streaming.Tests.Adapters;

public sealed class VersionCoverageTests
{
    [Fact]
    public void Items_are_counted_once_however_often_they_are_clicked()
    {
        var coverage = Of(known: ["a", "b"], catalogue: ["a", "b", "c", "d"], clicked: ["a", "a", "a", "c"]);

        Assert.Equal(new VersionCoverage(4, 2, 2, 1), coverage);
        Assert.Equal((.5, .5), (coverage.ItemShare, coverage.ClickedShare));
    }

    [Fact]
    public void Half_is_enough()
    {
        Assert.Null(Of(known: ["a", "b"], catalogue: ["a", "b", "c", "d"], clicked: ["a", "c"]).Warning("v"));
    }

    [Fact]
    public void Under_half_of_the_catalogue_is_warned_of_with_the_numbers()
    {
        var warning = Of(known: ["a"], catalogue: ["a", "b", "c"], clicked: ["a"]).Warning("online-000001");

        Assert.StartsWith("online-000001 knows 1 of 3 items of the catalogue and 1 of 1 recently clicked items;", warning,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Under_half_of_the_clicked_items_is_warned_of_though_the_catalogue_is_known() =>
        Assert.NotNull(Of(known: ["a", "b"], catalogue: ["a", "b"], clicked: ["a", "x", "y"]).Warning("v"));

    [Fact]
    public void Where_there_is_nothing_to_compare_with_nothing_is_said()
    {
        var coverage = Of(known: [], catalogue: [], clicked: []);

        Assert.Null(coverage.Warning("v"));
        Assert.Null(coverage.ItemShare);
        Assert.Null(coverage.ClickedShare);
    }

    private static VersionCoverage Of(string[] known, string[] catalogue, string[] clicked) =>
        VersionCoverage.Of(new ItemTable(known, new float[known.Length], new float[known.Length]),
            catalogue.Select(item => new ItemId(item)), clicked.Select(item => new ItemId(item)));
}
