using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Optimisers;

/// <summary>Computes the gradient of a loss that is a sum over parts, several parts in parallel (see <see cref="TorchThreads"/>).</summary>
/// <param name="parameters">The parameters to differentiate by.</param>
/// <param name="device">The parameters' device.</param>
internal sealed class ParallelGradient(IReadOnlyList<Parameter> parameters, Device device)
{
    /// <summary>
    /// Adds the gradient to the parameters' gradients. The order of summation is fixed, so the same parts and number of threads give
    /// bitwise equal results.
    /// </summary>
    /// <param name="parts">Parts of similar size.</param>
    /// <param name="loss">Computes the loss of a part; called from several threads.</param>
    /// <returns>The sum of the losses.</returns>
    public double Add<T>(IReadOnlyList<T> parts, Func<T, Tensor> loss)
    {
        using var scope = NewDisposeScope();
        var workers = Enumerable.Range(0, Workers(parts.Count)).Select(_ => new Worker(parameters)).ToArray();
        TorchThreads.Distribute(parts.Count, workers.Length, (worker, part) => workers[worker].Add(() => loss(parts[part])));
        using var noGrad = no_grad();
        foreach (var worker in workers)
            worker.AddToParameters();
        return workers.Sum(worker => worker.Loss);
    }

    /// <summary>Computes the sum of the losses in parallel, without gradients.</summary>
    /// <param name="parts">Parts of similar size.</param>
    /// <param name="loss">Computes the loss of a part; called from several threads.</param>
    public double Sum<T>(IReadOnlyList<T> parts, Func<T, Tensor> loss)
    {
        var losses = new double[parts.Count];
        TorchThreads.Distribute(parts.Count, Workers(parts.Count), (_, part) =>
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            losses[part] = loss(parts[part]).item<float>();
        });
        return losses.Sum();
    }

    private int Workers(int parts) => Math.Min(TorchThreads.ParallelPasses(device), parts);

    /// <summary>The sums of losses and gradients of one thread.</summary>
    private sealed class Worker(IReadOnlyList<Parameter> parameters)
    {
        private readonly Tensor?[] gradients = new Tensor?[parameters.Count];

        public double Loss { get; private set; }

        public void Add(Func<Tensor> part)
        {
            using var scope = NewDisposeScope();
            var loss = part();
            var found = autograd.grad([loss], [.. parameters], allow_unused: true);
            Loss += loss.item<float>();
            for (var at = 0; at < gradients.Length; at++)
            {
                if (found[at] is not { IsInvalid: false } gradient)
                    continue;
                if (gradients[at] is { } sum)
                    sum.Add(gradient);
                else
                    gradients[at] = gradient.DetachFromDisposeScope();
            }
        }

        /// <summary>Adds the sums to the parameters' gradients.</summary>
        public void AddToParameters()
        {
            for (var at = 0; at < gradients.Length; at++)
            {
                if (gradients[at] is not { } gradient)
                    continue;
                if (parameters[at].grad is { } sum)
                {
                    sum.Add(gradient);
                    gradient.Dispose();
                }
                else
                {
                    parameters[at].grad = gradient;
                }
            }
        }
    }
}
