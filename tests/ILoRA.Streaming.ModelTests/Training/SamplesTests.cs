using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Worker;
using TorchSharp;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class SamplesTests
{
    [Fact]
    public void Recent_counts_halve_after_the_half_life()
    {
        var counts = new ItemCounts(new ItemTable(["a", "b"], [0, 0], [0, 0]), halfLife: 10);
        counts.Click(0);
        for (var click = 0; click < 10; click++)
            counts.Click(1);
        Assert.Equal(0.5, counts.Recent(0), 1e-5);
        Assert.Equal(1, counts.Seen(0));
        Assert.Equal(counts.Recent(1), counts.Export().Recent[1]);
    }

    [Fact]
    public void Recent_counts_stay_finite_over_a_long_stream()
    {
        var counts = new ItemCounts(new ItemTable(["a"], [0], [0]), halfLife: 1);
        for (var click = 0; click < 5000; click++)
            counts.Click(0);
        Assert.Equal(2, counts.Recent(0), 1e-4);
    }

    [Fact]
    public void The_reservoir_is_a_uniform_sample_of_the_samples_no_longer_recent()
    {
        var random = new SavedRandom(7);
        var early = 0;
        for (var run = 0; run < 400; run++)
        {
            var buffer = new ReplayBuffer(recentCapacity: 1, reservoirCapacity: 10);
            for (var at = 0; at < 101; at++)
                buffer.Add(new Sample([], $"{at}"), random);
            early += buffer.Save().Reservoir.Count(
                sample => int.Parse(sample.Target, System.Globalization.CultureInfo.InvariantCulture) < 50);
        }
        Assert.InRange(early / 4000.0, 0.46, 0.54);
    }

    [Fact]
    public void A_random_generator_continues_from_its_saved_state()
    {
        var random = new SavedRandom(1);
        random.Next(10);
        var other = new SavedRandom(random.State);
        Assert.Equal(random.NextInt64(1_000_000), other.NextInt64(1_000_000));
        Assert.InRange(Enumerable.Range(0, 10_000).Average(_ => random.NextDouble()), 0.48, 0.52);
    }

    [Theory]
    [InlineData("cpu", true, true, DeviceType.CPU, false)]
    [InlineData("auto", true, true, DeviceType.CUDA, false)]
    [InlineData("auto", false, true, DeviceType.CPU, false)]
    [InlineData("cuda", true, true, DeviceType.CUDA, false)]
    [InlineData("cuda", true, false, DeviceType.CPU, true)]
    [InlineData("cuda", false, true, DeviceType.CPU, true)]
    public void A_missing_device_falls_back_with_a_warning(string wanted, bool built, bool works, DeviceType device, bool warns)
    {
        var choice = TorchDevice.Choose(wanted, built, () => works);
        Assert.Equal(device, choice.Type);
        Assert.Equal(warns, choice.Warning is not null);
    }

    [Fact]
    public void An_unknown_device_is_rejected() => Assert.Throws<ArgumentException>(() => TorchDevice.Choose("tpu"));

    [Fact]
    public void The_share_of_the_language_model_falls_while_the_trainer_lags()
    {
        var pace = new LanguageModelPace(0.4, TimeSpan.FromSeconds(3));
        Assert.Equal(0.4, pace.Next(TimeSpan.FromSeconds(1)), 1e-9);
        for (var batch = 0; batch < 50; batch++)
            pace.Next(TimeSpan.FromSeconds(4));
        Assert.Equal(0.004, pace.Share, 1e-9);
        for (var batch = 0; batch < 500; batch++)
            pace.Next(TimeSpan.Zero);
        Assert.Equal(0.4, pace.Share, 1e-9);
    }

    [Fact]
    public void The_learning_rate_warms_up_and_decays()
    {
        Assert.Equal(0.01, Schedule.WarmUpThenCosine(1, 0), 1e-9);
        Assert.Equal(1, Schedule.WarmUpThenCosine(1, 0.05), 1e-9);
        Assert.Equal(0.01, Schedule.WarmUpThenCosine(1, 1), 1e-9);
    }

    [Fact]
    public void The_history_of_a_sample_does_not_contain_its_click()
    {
        var fold = new SequenceFold(capacity: 3);
        Assert.Null(fold.Click("u", "a"));
        Assert.Equal(["a"], fold.Click("u", "b")!.History);
        fold.Click("u", "c");
        Assert.Equal(["b", "c"], fold.Click("u", "d")!.History);
        Assert.Null(fold.Click("v", "a"));
    }
}
