using System.Globalization;
using ILoRA.Streaming.Importing.Times;

namespace ILoRA.Streaming.Tests.Importing.Times;

public sealed class TimeColumnTests
{
    [Theory]
    [InlineData("1291191960", "Unix seconds", "2010-12-01T08:26:00.000000Z")]
    [InlineData("1291191960.25", "Unix seconds", "2010-12-01T08:26:00.250000Z")]
    [InlineData("8.8125E8", "Unix seconds", "1997-12-04T15:40:00.000000Z")]
    [InlineData("1433221332117", "Unix milliseconds", "2015-06-02T05:02:12.117000Z")]
    [InlineData("1612069510766593", "Unix microseconds", "2021-01-31T05:05:10.766593Z")]
    [InlineData("2011-12-09T12:50:00Z", "yyyy-MM-dd HH:mm with offset", "2011-12-09T12:50:00.000000Z")]
    [InlineData("2011-12-09t12:50:00.123456789z", "yyyy-MM-dd HH:mm with offset", "2011-12-09T12:50:00.123456Z")]
    [InlineData("2011-12-09 12:50:00 UTC", "yyyy-MM-dd HH:mm with offset", "2011-12-09T12:50:00.000000Z")]
    [InlineData("2011-12-09T12:50:00+0530", "yyyy-MM-dd HH:mm with offset", "2011-12-09T07:20:00.000000Z")]
    [InlineData("2011-12-09 12:50:00-08", "yyyy-MM-dd HH:mm with offset", "2011-12-09T20:50:00.000000Z")]
    [InlineData("2011-12-09 12:50:00", "yyyy-MM-dd HH:mm", "2011-12-09T12:50:00.000000Z")]
    [InlineData("2011/12/9 8:05", "yyyy/MM/dd HH:mm", "2011-12-09T08:05:00.000000Z")]
    [InlineData("2011-12-09", "yyyy-MM-dd", "2011-12-09T00:00:00.000000Z")]
    [InlineData("20110901", "yyyyMMdd", "2011-09-01T00:00:00.000000Z")]
    [InlineData("20110901 12:00", "yyyyMMdd HH:mm", "2011-09-01T12:00:00.000000Z")]
    [InlineData("20110901125007", "yyyyMMdd HH:mm", "2011-09-01T12:50:07.000000Z")]
    [InlineData("20110901T125007Z", "yyyyMMdd HH:mm with offset", "2011-09-01T12:50:07.000000Z")]
    [InlineData("13/12/2010 08:26", "dd/MM/yyyy HH:mm", "2010-12-13T08:26:00.000000Z")]
    [InlineData("12/13/10", "MM/dd/yy", "2010-12-13T00:00:00.000000Z")]
    [InlineData("13.12.2010 08:26:07", "dd.MM.yyyy HH:mm", "2010-12-13T08:26:07.000000Z")]
    [InlineData("12/13/2010 12:05:00 AM", "MM/dd/yyyy hh:mm tt", "2010-12-13T00:05:00.000000Z")]
    [InlineData("12/13/2010, 1:05 pm", "MM/dd/yyyy hh:mm tt", "2010-12-13T13:05:00.000000Z")]
    [InlineData("9 December 2011", "d MMM yyyy", "2011-12-09T00:00:00.000000Z")]
    [InlineData("09-Dec-11 12:50", "d-MMM yy HH:mm", "2011-12-09T12:50:00.000000Z")]
    [InlineData("Dec 9, 2011 12:50", "MMM d yyyy HH:mm", "2011-12-09T12:50:00.000000Z")]
    [InlineData("Sept. 9, 2011", "MMM d yyyy", "2011-09-09T00:00:00.000000Z")]
    [InlineData("Fri, 09 Dec 2011 12:50:00 GMT", "d MMM yyyy HH:mm with offset", "2011-12-09T12:50:00.000000Z")]
    public void A_common_form_is_recognised(string text, string form, string time)
    {
        var column = new TimeColumn();
        Assert.Null(column.Add(text, 1));
        Assert.Null(column.Doubt);
        Assert.Equal(form, column.Format!.Name);
        Assert.True(column.Format.TryParse(text, out var read));
        Assert.Equal(time, read.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2011-13-09")]
    [InlineData("2011-02-30")]
    [InlineData("2011-12-09 24:00")]
    [InlineData("2011-12-09 12:60")]
    [InlineData("2011-12-09 13:00 PM")]
    [InlineData("2011-12/09")]
    [InlineData("32/12/2010")]
    [InlineData("13/13/2010")]
    [InlineData("9 Dezember 2011")]
    [InlineData("2011-12-09 12:50 CET")]
    [InlineData("201109011250 12:00")]
    [InlineData("1e30")]
    [InlineData("NaN")]
    public void What_is_no_time_is_refused_with_the_option_to_use(string text)
    {
        var problem = new TimeColumn().Add(text, 1);
        Assert.StartsWith($"'{text}' is not a time", problem, StringComparison.Ordinal);
        Assert.Contains("--time-format", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void One_day_above_twelve_decides_for_the_whole_column()
    {
        var column = Column("01/12/2010 08:26", "02/12/2010 09:01", "13/12/2010 10:00", "01/01/2011 09:00");
        Assert.Equal((null, "dd/MM/yyyy HH:mm"), (column.Doubt, column.Format!.Name));
    }

    [Theory]
    [InlineData("01/12/2010 08:26", "12/1/2010 8:26")]
    [InlineData("1/12/10", "2/12/10")]
    [InlineData("01.12.2010 08:26", "02.12.2010 08:26")]
    public void Without_a_day_above_twelve_the_user_must_say(string first, string second)
    {
        var doubt = Column(first, second).Doubt;
        Assert.StartsWith($"'{first}' may have the day or the month first", doubt, StringComparison.Ordinal);
        Assert.Contains("--time-format day-first or month-first", doubt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_date_that_is_the_same_either_way_needs_no_word() => Assert.Null(Column("05/05/2010", "06/06/2010").Doubt);

    [Theory]
    [InlineData("13/01/2010", "01/25/2010", "'01/25/2010' is MM/dd/yyyy, but '13/01/2010' in line 1 is dd/MM/yyyy")]
    [InlineData("1291191960", "1291191960000", "'1291191960000' is Unix milliseconds, but '1291191960' in line 1 is Unix seconds")]
    [InlineData("2011-12-09", "2011-12-09 12:50", "'2011-12-09 12:50' is yyyy-MM-dd HH:mm, but '2011-12-09' in line 1 is yyyy-MM-dd")]
    [InlineData("2011-12-09 12:50", "2011-12-09 12:50Z",
        "'2011-12-09 12:50Z' is yyyy-MM-dd HH:mm with offset, but '2011-12-09 12:50' in line 1 is yyyy-MM-dd HH:mm")]
    [InlineData("20110901", "1291191960000", "'1291191960000' is Unix milliseconds, but '20110901' in line 1 is yyyyMMdd or Unix seconds")]
    public void A_column_of_two_forms_is_refused_with_both_lines(string first, string second, string message)
    {
        var column = Column(first);
        Assert.StartsWith(message, column.Add(second, 2), StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_that_decided_day_or_month_is_the_one_that_is_named()
    {
        var column = Column("01/02/2010", "13/02/2010", "03/02/2010");
        Assert.Contains("'13/02/2010' in line 2 is dd/MM/yyyy", column.Add("01/25/2010", 9), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_value_changes_nothing()
    {
        var column = Column("13/01/2010");
        Assert.NotNull(column.Add("01/25/2010", 2));
        Assert.Null(column.Add("02/01/2010", 3));
        Assert.Equal("dd/MM/yyyy", column.Format!.Name);
    }

    [Fact]
    public void A_bad_first_value_leaves_the_column_open()
    {
        var column = new TimeColumn();
        Assert.NotNull(column.Add("n/a", 1));
        Assert.Null(column.Add("1291191960", 2));
        Assert.Equal("Unix seconds", column.Format!.Name);
    }

    [Fact]
    public void Seconds_and_fractions_may_come_and_go()
        => Assert.Equal("yyyy-MM-dd HH:mm", Column("2011-12-09T12:50", "2011-12-09T12:50:01", "2011-12-09T12:50:01.5").Format!.Name);

    [Fact]
    public void Eight_digits_are_seconds_where_another_value_of_the_column_is_no_date()
        => Assert.Equal("Unix seconds", Column("20110901", "881250949").Format!.Name);

    [Theory]
    [InlineData("day-first", "01/12/2010 08:26", "2010-12-01T08:26")]
    [InlineData("month-first", "1/12/10", "2010-01-12T00:00")]
    [InlineData("dd/MM/yyyy HH:mm", "1/12/2010 8:26", "2010-12-01T08:26")]
    [InlineData("MM/dd/yyyy HH:mm", "01/12/2010 08:26", "2010-01-12T08:26")]
    [InlineData("yyyyMMdd", "20101201", "2010-12-01T00:00")]
    [InlineData("dd/MM/yyyy hh:mm tt", "01/12/2010 08:26 PM", "2010-12-01T20:26")]
    [InlineData("HH:mm dd.MM.yyyy", "08:26 01.12.2010", "2010-12-01T08:26")]
    [InlineData("yyyy-MM-dd'h'HH", "2010-12-01h08", "2010-12-01T08:00")]
    [InlineData("iso", "2010-12-01", "2010-12-01T00:00")]
    [InlineData("iso", "2010-12-01T08:26:00+01:00", "2010-12-01T07:26")]
    [InlineData("seconds", "1291191960", "2010-12-01T08:26")]
    [InlineData("milliseconds", "0", "1970-01-01T00:00")]
    [InlineData("microseconds", "1291191960000000", "2010-12-01T08:26")]
    public void A_named_format_is_taken_at_its_word(string name, string text, string time)
    {
        var column = new TimeColumn(TimeFormats.Of(name));
        Assert.Null(column.Add(text, 1));
        Assert.Null(column.Doubt);
        Assert.True(column.Format!.TryParse(text, out var read));
        Assert.Equal(time, read.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_value_that_is_not_of_the_named_format_is_refused()
    {
        var problem = new TimeColumn(TimeFormats.Of("dd/MM/yyyy")).Add("2010-12-01", 1);
        Assert.Equal("'2010-12-01' is not written as --time-format 'dd/MM/yyyy' says", problem);
    }

    [Theory]
    [InlineData("d")]
    [InlineData("nanoseconds")]
    [InlineData("dd/MM")]
    [InlineData("HH:mm")]
    [InlineData("dd/mm/yyyy HH:MM")]
    [InlineData("yyyy-mm-dd HH:MM")]
    [InlineData("yyyy-MM-dd HH:MM")]
    [InlineData("dd/MM/yyyy hh:mm")]
    public void What_is_no_format_is_none(string name) => Assert.Null(TimeFormats.Of(name));

    [Theory]
    [InlineData("23-05-14 10:00", "'23-05-14 10:00' may be dd-MM-yy HH:mm or yy-MM-dd HH:mm, and no value of the column tells")]
    [InlineData("10/11/12", "'10/11/12' may be dd/MM/yy or MM/dd/yy or yy/MM/dd, and no value of the column tells")]
    public void A_year_of_two_digits_may_be_first_and_the_user_must_say(string text, string doubt)
        => Assert.StartsWith(doubt, Column(text).Doubt, StringComparison.Ordinal);

    [Theory]
    [InlineData("23-05-14 10:00", "23-05-32 10:00", "dd-MM-yy HH:mm")]
    [InlineData("23-05-14 10:00", "32-05-14 10:00", "yy-MM-dd HH:mm")]
    [InlineData("10/11/12", "10/23/12", "MM/dd/yy")]
    [InlineData("23/05/14", "1/05/14", "dd/MM/yy")]
    public void A_value_that_has_one_reading_decides_for_years_of_two_digits(string first, string second, string form)
    {
        var column = Column(first, second);
        Assert.Equal((null, form), (column.Doubt, column.Format!.Name));
    }

    [Fact]
    public void A_pattern_says_that_a_year_of_two_digits_is_first()
    {
        Assert.True(TimeFormats.Of("yy-MM-dd HH:mm")!.TryParse("23-05-14 10:00", out var time));
        Assert.Equal(new DateTimeOffset(2023, 5, 14, 10, 0, 0, TimeSpan.Zero), time);
    }

    private static TimeColumn Column(params string[] values)
    {
        var column = new TimeColumn();
        foreach (var (line, value) in values.Index())
            Assert.Null(column.Add(value, line + 1));
        return column;
    }
}
