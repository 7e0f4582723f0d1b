using ILoRA.Streaming.Training.Evaluation;
using ILoRA.Streaming.Training.Tuning;

namespace ILoRA.Streaming.Tests.Tuning;

public sealed class SuccessiveHalvingTests
{
    private const int Rows = 200;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(12, 4)]
    public void Rounds_continue_until_one_setting_is_kept(int settings, int rounds) =>
        Assert.Equal(rounds, SuccessiveHalving.Rounds(settings));

    [Fact]
    public void The_worse_half_is_dropped_and_the_others_get_twice_the_share()
    {
        var spent = 0.0;
        var trials = SuccessiveHalving.Run([3, 1, 0, 2], (setting, share) =>
        {
            spent += share;
            return Result(_ => setting);
        });
        Assert.Equal(1, spent, 1e-9);
        Assert.Equal(
            [(1, 0, 0.125, true), (1, 1, 0.125, true), (1, 2, 0.125, false), (1, 3, 0.125, false), (2, 0, 0.25, true), (2, 1, 0.25, false)],
            trials.Select(trial => (trial.Round, trial.Setting, trial.Share, trial.Kept)));
    }

    [Fact]
    public void A_clear_winner_is_chosen()
    {
        var choice = Choose(row => row % 2 * 0.01 + 0.1, _ => 0);
        Assert.Equal("expensive", choice.Chosen.Setting);
        Assert.True(choice.Interval.Low > 0);
    }

    [Fact]
    public void Of_two_settings_without_significant_difference_the_cheaper_is_chosen()
    {
        var choice = Choose(row => row % 2 == 0 ? 1.01 : 0, row => row % 2 == 0 ? 0 : 1);
        Assert.Equal(("cheap", "expensive"), (choice.Chosen.Setting, choice.Other!.Setting));
        Assert.True(choice.Interval.Low < 0);
    }

    private static TuningChoice<string> Choose(Func<int, double> cheap, Func<int, double> expensive)
    {
        string[] settings = ["cheap", "expensive"];
        var trials = SuccessiveHalving.Run(settings, (setting, _) => Result(setting == "cheap" ? cheap : expensive));
        return SuccessiveHalving.Choose(trials, settings, new Bootstrap(Rows, 1));
    }

    private static MethodResult Result(Func<int, double> loss) =>
        new("", true, [], [], [.. Enumerable.Range(0, Rows).Select(loss)], TimeSpan.Zero);
}
