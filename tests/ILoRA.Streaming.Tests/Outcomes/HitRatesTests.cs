using ILoRA.Streaming.Outcomes;

namespace ILoRA.Streaming.Tests.Outcomes;

public sealed class HitRatesTests
{
    [Fact]
    public void No_click_is_a_rate_of_zero_without_interval()
    {
        var report = new HitRates(["online", "frozen"]).Report();
        Assert.Equal(0, report.Lines["online"].Rate);
        Assert.True(double.IsNaN(report.Lines["online"].Low));
    }

    [Fact]
    public void Rate_is_hits_over_clicks()
    {
        var rates = new HitRates(["online", "frozen"]);
        rates.Add("u1", [true, false]);
        rates.Add("u1", [true, true]);
        rates.Add("u2", [false, false]);
        rates.Add("u2", [true, true]);
        var report = rates.Report();
        Assert.Equal(.75, report.Lines["online"].Rate);
        Assert.Equal(.75, rates.Rate("online"));
        Assert.Equal(.5, report.Lines["frozen"].Rate);
        Assert.Equal(.5, report.Gains["frozen"].Rate, 12);
        Assert.Equal(4, report.Clicks);
    }

    [Fact]
    public void A_part_of_a_hit_counts_as_a_part()
    {
        var rates = new HitRates(["online", "frozen"]);
        rates.Add("u1", [0.5, 1.0]);
        rates.Add("u2", [true, false]);
        Assert.Equal((0.75, 0.5), (rates.Rate("online"), rates.Rate("frozen")));
        Assert.Equal(0.5, rates.Report().Gains["frozen"].Rate, 12);
    }

    [Fact]
    public void Interval_holds_the_rate_and_narrows_with_users()
    {
        var few = WithUsers(20).Report().Lines["online"];
        var many = WithUsers(2000).Report().Lines["online"];
        Assert.InRange(many.Rate, many.Low, many.High);
        Assert.True(many.High - many.Low < (few.High - few.Low) / 3);
    }

    [Fact]
    public void One_user_with_many_clicks_does_not_narrow_the_interval()
    {
        var rates = new HitRates(["online"]);
        for (var click = 0; click < 1000; click++)
            rates.Add("busy", [true]);
        rates.Add("other", [false]);
        var rate = rates.Report().Lines["online"];
        Assert.Equal(0, rate.Low);
        Assert.Equal(1, rate.High);
    }

    [Fact]
    public void A_line_that_is_always_a_subset_gains_in_every_draw()
    {
        var gain = WithUsers(500).Report().Gains["frozen"];
        Assert.True(gain.Low > 0, $"{gain}");
    }

    [Fact]
    public void Same_seed_gives_the_same_interval() =>
        Assert.Equal(WithUsers(50).Report(seed: 3).Lines["online"], WithUsers(50).Report(seed: 3).Lines["online"]);

    [Fact]
    public void An_answer_too_few_is_refused() => Assert.Throws<ArgumentException>(() => new HitRates(["a", "b"]).Add("u", [true]));

    private static HitRates WithUsers(int users)
    {
        var rates = new HitRates(["online", "frozen"]);
        for (var user = 0; user < users; user++)
            for (var click = 0; click < 4; click++)
                rates.Add($"u{user}", [(user + click) % 3 == 0, (user + click) % 6 == 0]);
        return rates;
    }
}
