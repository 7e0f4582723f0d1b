using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Trials;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class OnlineTrialTests : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2011, 1, 4, 8, 0, 0, TimeSpan.Zero);
    private static readonly OnlineTrialOptions Options =
        new()
        {
            ReleaseEvery = 16,
            Delay = 8,
            Trainer = new OnlineTrainerOptions { Batch = 8, EncoderRate = 1e-2, LanguageModelShare = 0.25 }
        };

    private readonly TinyModel tiny = new();

    public void Dispose() => tiny.Dispose();

    [Fact]
    public void Online_learning_beats_frozen_versions_on_a_stream_with_new_items()
    {
        var result = Run(Options, TrialMethod.Standard, Changed(480));
        Assert.Equal(480, result.All.Hr10.Clicks);
        Assert.All(TrialMethod.Standard, method => Assert.Equal(method.Learner == TrialLearner.Frozen, result.Versions[method.Name] == 0));
        Assert.True(result.Versions[TrialMethod.Anchored.Name] > 20);
        Assert.True(result.All.Hr10.Rate("anchored") > result.All.Hr10.Rate("frozen") + 0.2, result.ToString());
        Assert.True(result.All.Hr1.Rate("encoder-online") > result.All.Hr1.Rate("encoder-frozen") + 0.2, result.ToString());
    }

    [Fact]
    public void Segments_divide_the_events_by_item_and_by_user()
    {
        var result = Run(Options, [TrialMethod.Anchored, TrialMethod.Frozen], Changed(96, at => (UserSegment)(at % 3)));
        Assert.Equal(["new-items", "known-items", "new", "active", "dormant"], result.Segments.Keys);
        Assert.Equal([96, 0, 32, 32, 32], result.Segments.Values.Select(hits => hits.Ndcg5.Clicks));
    }

    [Fact]
    public void Freshness_is_the_time_from_a_click_until_a_version_trained_on_it_is_live()
    {
        // A version is released after events 24, 40, ... and goes live at once: the clicks of the first one are 1 to 24 minutes old then,
        // those of the others 1 to 16; the last version never goes live.
        var result = Run(Options, [TrialMethod.Anchored], Changed(200));
        Assert.InRange(result.Freshness.Of(0)!.Value.TotalMinutes, 0.9, 1.1);
        Assert.InRange(result.Freshness.Of(1)!.Value.TotalMinutes, 23, 25);
        Assert.Equal(184, result.Freshness.Count);
    }

    [Fact]
    public void With_an_untrained_adapter_no_adapter_ranks_as_head_only()
    {
        // B of the untrained adapter is zero and neither method trains it.
        var methods = TrialMethod.All.Where(method => method.Name is "no-adapter" or "head-only").ToArray();
        var result = Run(Options, methods, Changed(160));
        Assert.Equal(result.All.Ndcg5.Rate("no-adapter"), result.All.Ndcg5.Rate("head-only"));
    }

    [Fact]
    public void A_second_run_adds_its_events()
    {
        var result = new OnlineTrialResult([TrialMethod.Frozen]);
        foreach (var seed in (int[])[1, 2])
            Trial(Options with { Trainer = Options.Trainer with { Seed = seed } })
                .Run(new(tiny.Start), Changed(64), result, stop: TestContext.Current.CancellationToken);
        Assert.Equal(128, result.All.Hr1.Clicks);
    }

    private OnlineTrialResult Run(OnlineTrialOptions options, IReadOnlyList<TrialMethod> methods, IReadOnlyList<TrialEvent> stream)
    {
        var result = new OnlineTrialResult(methods);
        Trial(options).Run(new(tiny.Start), stream, result, stop: TestContext.Current.CancellationToken);
        return result;
    }

    private OnlineTrial Trial(OnlineTrialOptions options) => new(tiny.Torch, tiny.Backbone,
        tiny.Titles.Concat(Enumerable.Range(0, 40).Select(extra => KeyValuePair.Create($"x{extra}", $"GREEN JAR {extra}"))).ToDictionary(),
        options);

    /// <summary>One click per minute, on items that do not occur in the initial snapshot.</summary>
    private static TrialEvent[] Changed(int count, Func<int, UserSegment>? segment = null) =>
        [.. TinyModel.Walk(count)
            .Select((sample,
                at) => new TrialEvent($"u{at % 7}", sample with { Target = $"x{at % TinyModel.Items}" }, Begin.AddMinutes(at),
                    segment?.Invoke(at) ?? UserSegment.Active))];
}
