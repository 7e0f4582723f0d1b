using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Optimisers;

/// <summary>The gradient of a loss that is a sum over parts, the parts side by side (see <see cref="TorchThreads"/>).</summary>
/// <param name="parameters">What the gradient is wanted of.</param>
/// <param name="device">Where they live.</param>
internal sealed class ParallelGradient(IReadOnlyList<Parameter> parameters, Device device)
{
    /// <summary>Adds the gradient to the parameters'. The same parts and number of threads give the same bits: sums go in the order of the parts.</summary>
    /// <param name="parts">Parts of like size.</param>
    /// <param name="loss">A part's loss; called on several threads.</param>
    /// <returns>The sum of the losses.</returns>
    public double Add<T>(IReadOnlyList<T> parts, Func<T, Tensor> loss)
    {
        using var scope = NewDisposeScope();
        var sides = Enumerable.Range(0, Sides(parts.Count)).Select(_ => new Side(parameters)).ToArray();
        TorchThreads.Distribute(parts.Count, sides.Length, (side, part) => sides[side].Add(() => loss(parts[part])));
        using var noGrad = no_grad();
        foreach (var side in sides)
            side.Give();
        return sides.Sum(side => side.Loss);
    }

    /// <summary>The losses alone, side by side too.</summary>
    /// <param name="parts">Parts of like size.</param>
    /// <param name="loss">A part's loss; called on several threads.</param>
    public double Sum<T>(IReadOnlyList<T> parts, Func<T, Tensor> loss)
    {
        var losses = new double[parts.Count];
        TorchThreads.Distribute(parts.Count, Sides(parts.Count), (_, part) =>
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            losses[part] = loss(parts[part]).item<float>();
        });
        return losses.Sum();
    }

    private int Sides(int parts) => Math.Min(TorchThreads.ParallelPasses(device), parts);

    /// <summary>What one thread has summed up.</summary>
    private sealed class Side(IReadOnlyList<Parameter> parameters)
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
        public void Give()
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
