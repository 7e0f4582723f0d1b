using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>What a <see cref="FitPass{T}"/> trains.</summary>
/// <typeparam name="T">A batch.</typeparam>
internal interface IFitLearner<T> : IDisposable
{
    /// <returns>The mean loss before the step, nats, and how many targets the batch had.</returns>
    (double Loss, int Targets) Step(T batch, double rate);

    /// <returns>The mean loss over all targets, nats.</returns>
    double Validate(IReadOnlyList<T> batches);

    Snapshot Export();

    /// <summary>The state for a checkpoint; <see cref="Resume"/> takes the optimisers' back into a learner that was started with the snapshot.</summary>
    (Snapshot Current, IReadOnlyList<Tensor> Optimisers) Save();

    /// <exception cref="InvalidDataException">A tensor is missing.</exception>
    void Resume(IReadOnlyList<Tensor> optimisers);
}
