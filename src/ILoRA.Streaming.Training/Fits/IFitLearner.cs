using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>A model with its optimisers that a <see cref="FitLoop{T}"/> trains.</summary>
/// <typeparam name="T">A mini-batch.</typeparam>
internal interface IFitLearner<T> : IDisposable
{
    /// <summary>Trains on a mini-batch.</summary>
    /// <returns>The mean loss before the update, nats, and the number of targets in the mini-batch.</returns>
    (double Loss, int Targets) Step(T batch, double rate);

    /// <summary>The mean loss over all targets of held-out mini-batches, nats.</summary>
    double Validate(IReadOnlyList<T> batches);

    /// <summary>The current state as a snapshot.</summary>
    Snapshot Export();

    /// <summary>
    /// The state for a checkpoint: a snapshot to start a new learner with, and the optimisers' state for its <see cref="Resume"/>.
    /// </summary>
    (Snapshot Current, IReadOnlyList<Tensor> Optimisers) Save();

    /// <summary>Restores the optimisers' state.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing.</exception>
    void Resume(IReadOnlyList<Tensor> optimisers);
}
