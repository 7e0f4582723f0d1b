using ILoRA.Streaming.Events;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Importing.Resuming;

namespace ILoRA.Streaming.Tests.Importing.Resuming;

public sealed class LineIdTests
{
    private static readonly ClickLine Click = new(7, "u1", "i1", DateTimeOffset.UnixEpoch);
    private static readonly ItemLine Item = new(7, "i1", "Lamp") { Attributes = new Dictionary<string, string> { ["a"] = "b" } };

    [Fact]
    public void It_names_file_fingerprint_and_occurrence_and_is_the_same_on_every_machine()
    {
        Assert.Equal("clicks.csv-06d185cfbce9:1", LineId.Of("clicks.csv", Click));
        Assert.Equal("items.csv-93a07adb5be3:1", LineId.Of("items.csv", Item));
    }

    [Fact]
    public void Any_change_of_a_click_gives_another()
    {
        ClickLine[] changed =
        [
            Click with { Occurrence = 2 }, Click with { User = "u" }, Click with { Item = "1i1", User = "u" },
            Click with { Time = Click.Time.AddTicks(1) },
            Click with { Type = ClickType.Click }, Click with { Session = "s" }, Click with { Recommendation = "s" },
            Click with { Session = "" },
        ];
        Assert.Equal(changed.Length, changed.Select(click => LineId.Of("f", click)).Append(LineId.Of("f", Click)).Distinct().Count() - 1);
    }

    [Fact]
    public void Any_change_of_an_item_gives_another()
    {
        ItemLine[] changed =
        [
            Item with { Item = "i" }, Item with { Title = "L" }, Item with { Deleted = true },
            Item with { Time = DateTimeOffset.UnixEpoch },
            Item with { Attributes = null }, Item with { Attributes = new Dictionary<string, string> { ["a"] = "c" } },
        ];
        Assert.Equal(changed.Length, changed.Select(item => LineId.Of("f", item)).Append(LineId.Of("f", Item)).Distinct().Count() - 1);
    }

    [Fact]
    public void Clicks_keep_their_ids_when_rows_are_inserted_or_put_in_another_order()
    {
        string[] rows = ["u1,i1,1700000000\n", "u2,i1,1700000000\n", "u1,i1,1700000000\n", "u1,i1,1700000009\n"];
        var ids = Ids(rows);
        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(ids.Order(), Ids([rows[3], rows[2], rows[1], rows[0]]).Order());
        Assert.Empty(ids.Except(Ids([rows[0], "u9,i9,1600000000\n", .. rows[1..]])));
        Assert.Empty(Ids(rows[1..]).Except(ids));
    }

    private static string[] Ids(string[] rows)
    {
        using var file = new ImportedFile();
        return [.. file.Clicks("c.csv", "user,item,time\n" + string.Concat(rows)).Lines.Select(click => LineId.Of("c.csv", click))];
    }
}
