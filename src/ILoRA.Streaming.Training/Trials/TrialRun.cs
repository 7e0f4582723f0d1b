using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>One learner of a trial and the version of it that serves.</summary>
internal sealed class TrialRun : IDisposable
{
    private readonly Func<Snapshot, ServedSnapshot> serve;
    private readonly OnlineTrainer? trainer;
    private readonly Queue<(Snapshot Snapshot, int LiveAt, int Trained)> waiting = [];

    public TrialRun(TrialLearner kind, TorchBackbone torchBackbone, Backbone backbone, TorchCatalogue catalogue, TrialStart start, OnlineTrainerOptions options)
    {
        serve = snapshot => new ServedSnapshot(torchBackbone, backbone, catalogue, snapshot);
        var first = start.Of(kind);
        Served = serve(first);
        if (kind == TrialLearner.Frozen)
            return;
        trainer = new(torchBackbone, backbone, first, kind switch
        {
            TrialLearner.Plain => options with { Pull = 0, Replay = 0 },
            TrialLearner.HeadOnly or TrialLearner.NoAdapter => options with { AdapterRate = 0, Pull = 0 },
            _ => options,
        });
        foreach (var item in catalogue.Ids)
            trainer.SetItem(item, catalogue.TitleOf(item));
    }

    public ServedSnapshot Served { get; private set; }

    /// <summary>Versions that went live after the first.</summary>
    public int Versions { get; private set; }

    /// <summary>The version that is due at event <paramref name="at"/> serves from now on.</summary>
    /// <returns>How many events it was trained on; null where none is due.</returns>
    public int? GoLive(int at)
    {
        int? trained = null;
        while (waiting.TryPeek(out var release) && at >= release.LiveAt)
        {
            waiting.Dequeue();
            Served.Dispose();
            Served = serve(release.Snapshot);
            Versions++;
            trained = release.Trained;
        }
        return trained;
    }

    /// <returns>The score's loss, nats.</returns>
    public double Observe(IReadOnlyList<Sample> batch) => trainer?.Observe(batch).ScoreLoss ?? 0;

    /// <param name="trained">Events learned from so far.</param>
    /// <param name="liveAt">The event that it first serves.</param>
    public void Release(int trained, int liveAt)
    {
        if (trainer is not null)
            waiting.Enqueue((trainer.Release(), liveAt, trained));
    }

    public void Dispose()
    {
        Served.Dispose();
        trainer?.Dispose();
    }
}

/// <summary>What the lines of a trial begin with.</summary>
/// <param name="Instance">The version with the instance-wise gate.</param>
/// <param name="Uniform">The same fit with a uniform gate; null makes the gate of the first uniform.</param>
public sealed record TrialStart(Snapshot Instance, Snapshot? Uniform = null)
{
    internal Snapshot Of(TrialLearner kind) => kind switch
    {
        TrialLearner.Uniform => Uniform ?? Instance with { Gate = Gate.Uniform(Instance.Gate.Experts, Instance.Gate.Width) },
        TrialLearner.NoAdapter => Instance with
        {
            Lora = Instance.Lora with { Pairs = Instance.Lora.Pairs.ToDictionary(pair => pair.Key, pair => pair.Value with { B = new float[pair.Value.B.Length] }) },
        },
        _ => Instance,
    };
}
