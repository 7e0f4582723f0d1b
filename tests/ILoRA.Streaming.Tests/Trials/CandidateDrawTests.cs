using System.Globalization;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Trials;

namespace ILoRA.Streaming.Tests.Trials;

public sealed class CandidateDrawTests
{
    private static readonly Sample Sample = new(["1", "2", "2"], "3");

    [Theory]
    [InlineData(CandidateKind.Uniform19, 19)]
    [InlineData(CandidateKind.Popular99, 99)]
    public void Candidates_are_distinct_and_not_in_the_history_or_the_target(CandidateKind kind, int wanted)
    {
        var draw = Draw(kind, items: 200);
        var drawn = draw.Draw(Sample, PlaceOf);
        Assert.Equal(wanted, drawn.Distinct().Count());
        Assert.Empty(drawn.Intersect([1, 2, 3]));
    }

    [Fact]
    public void An_item_without_clicks_is_not_a_candidate()
    {
        var draw = Draw(CandidateKind.Uniform19, items: 8);
        draw.Click(9, times: 0);
        Assert.Equal([0, 4, 5, 6, 7], draw.Draw(Sample, PlaceOf).Order());
    }

    [Fact]
    public void Before_the_first_click_there_are_no_candidates() =>
        Assert.Empty(new CandidateDraw(CandidateKind.Popular99, new Random(1)).Draw(Sample, PlaceOf));

    [Fact]
    public void Popular_items_are_drawn_more_often_and_uniform_ones_are_not()
    {
        Assert.InRange(Share(CandidateKind.Popular99), 0.98, 1);
        Assert.InRange(Share(CandidateKind.Uniform19), 0.01, 0.2);

        // Item 500 has as many clicks as the thousand others in total.
        static double Share(CandidateKind kind)
        {
            var draw = Draw(kind, items: 1000);
            draw.Click(500, times: 1000);
            return Enumerable.Range(0, 300).Average(_ => draw.Draw(Sample, PlaceOf).Contains(500) ? 1.0 : 0);
        }
    }

    private static CandidateDraw Draw(CandidateKind kind, int items)
    {
        var draw = new CandidateDraw(kind, new Random(1));
        for (var place = 0; place < items; place++)
            draw.Click(place);
        return draw;
    }

    private static int PlaceOf(string item) => int.Parse(item, CultureInfo.InvariantCulture);
}
