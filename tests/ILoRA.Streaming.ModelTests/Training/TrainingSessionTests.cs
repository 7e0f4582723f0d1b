using ILoRA.Streaming.Sequences;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Worker;
using Xunit;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class TrainingSessionTests
{
    [Fact]
    public void A_late_click_is_learned_from_what_was_clicked_before_it_and_not_from_the_future()
    {
        using var tiny = new TinyModel();
        using var session = new TrainingSession(
            TorchBackbone.Frozen(tiny.Backbone, CPU), new OnlineTrainer(tiny.Torch, tiny.Backbone, tiny.Start, new OnlineTrainerOptions()), "", new Dictionary<string, long>(), null, null);

        session.Take(A.Sequence("u", ["i1", "i4"], seconds: 9), batch: 8, share: 0);
        session.Take(A.Sequence("u", ["i1", "i2", "i4"], seconds: 9) with { Place = 2 }, batch: 8, share: 0);

        var checkpoint = session.Save(share: 0);
        Assert.Equal([("i1", "i4"), ("i1", "i2")], checkpoint.State.Replay.Recent.Select(sample => (string.Join(' ', sample.History), sample.Target)));
        Assert.Equal(A.Start.AddSeconds(9), checkpoint.State.Events);
    }
}
