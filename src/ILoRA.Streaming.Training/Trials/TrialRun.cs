using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>A learner in a run of a trial: its online trainer, its released versions, and the version that is currently served.</summary>
internal sealed class TrialRun : IDisposable
{
    private readonly Func<Snapshot, ServedSnapshot> serve;
    private readonly OnlineTrainer? trainer;
    private readonly Queue<(Snapshot Snapshot, int LiveAt, int Trained)> waiting = [];

    public TrialRun(TrialLearner kind, TorchBackbone torchBackbone, Backbone backbone, TorchCatalogue catalogue, TrialStart start,
        OnlineTrainerOptions options)
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

    /// <summary>The currently served version.</summary>
    public ServedSnapshot Served { get; private set; }

    /// <summary>The number of versions that went live after the initial one.</summary>
    public int Versions { get; private set; }

    /// <summary>Starts to serve the version that is due at event <paramref name="at"/>, if there is one.</summary>
    /// <returns>The number of events that this version was trained on; null where none is due.</returns>
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

    /// <summary>Trains on a mini-batch; a frozen learner does nothing.</summary>
    /// <returns>The scorer's mean loss, nats; 0 without training.</returns>
    public double Observe(IReadOnlyList<Sample> batch) => trainer?.Observe(batch).ScoreLoss ?? 0;

    /// <summary>Releases a version that goes live later; a frozen learner does nothing.</summary>
    /// <param name="trained">The number of events trained on so far.</param>
    /// <param name="liveAt">The number of the event from which the version is served.</param>
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

/// <summary>The initial snapshots of a trial.</summary>
/// <param name="Instance">The snapshot with the instance-wise gate.</param>
/// <param name="Uniform">The same fit with a uniform gate; null replaces the gate of <paramref name="Instance"/> by a uniform one.</param>
public sealed record TrialStart(Snapshot Instance, Snapshot? Uniform = null)
{
    internal Snapshot Of(TrialLearner kind) => kind switch
    {
        TrialLearner.Uniform => Uniform ?? Instance with { Gate = Gate.Uniform(Instance.Gate.Experts, Instance.Gate.Width) },
        TrialLearner.NoAdapter => Instance with
        {
            Lora = Instance.Lora with
            {
                Pairs =
                Instance.Lora.Pairs.ToDictionary(pair => pair.Key, pair => pair.Value with { B = new float[pair.Value.B.Length] })
            },
        },
        _ => Instance,
    };
}
