using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Trials;
using Xunit;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class OnlineTrialTests
{
    [Fact]
    public void Learning_online_beats_everything_frozen_on_a_stream_that_has_changed()
    {
        using var tiny = new TinyModel();
        var options = new OnlineTrialOptions { ReleaseEvery = 16, Delay = 8, Trainer = new OnlineTrainerOptions { Batch = 8, EncoderRate = 1e-2, LanguageModelShare = 0.25 } };
        var titles = tiny.Titles.Concat(Enumerable.Range(0, 40).Select(extra => KeyValuePair.Create($"x{extra}", $"GREEN JAR {extra}"))).ToDictionary();
        var stream = TinyModel.Walk(480).Select((sample, at) => new TrialEvent($"u{at % 7}", sample with { Target = $"x{at % TinyModel.Items}" })).ToArray();
        var result = new OnlineTrial(tiny.Torch, tiny.Backbone, titles, options).Run(tiny.Start, stream);
        Assert.Equal(480, result.Hits.Clicks);
        Assert.True(result.Versions > 20);
        Assert.True(result.Hits.Rate(OnlineTrialResult.Online) > result.Hits.Rate(OnlineTrialResult.Frozen) + 0.2, result.ToString());
    }
}
