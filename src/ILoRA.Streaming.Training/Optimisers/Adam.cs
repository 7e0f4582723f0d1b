using ILoRA.Streaming.Training.Devices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Optimisers;

/// <summary>
/// The Adam optimiser (Kingma and Ba, arXiv 1412.6980) for one group of parameters. Unlike LibTorch's, it can save and restore its state,
/// grow with tables, and pull parameters towards anchor values (a decoupled L2 proximal term).
/// </summary>
public sealed class Adam(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) : IDisposable
{
    private readonly Dictionary<string, Slot> slots = new(StringComparer.Ordinal);

    /// <summary>The number of updates so far.</summary>
    public int Step { get; private set; }

    public IEnumerable<Parameter> Parameters => slots.Values.Select(slot => slot.Parameter);

    public void Add(string name, Parameter parameter) =>
        slots.Add(name,
            new(parameter, zeros_like(parameter).DetachFromDisposeScope(), zeros_like(parameter).DetachFromDisposeScope(), null));

    public void AddRange(IEnumerable<(string Name, Parameter Value)> parameters)
    {
        foreach (var (name, value) in parameters)
            Add(name, value);
    }

    /// <summary>Replaces a parameter by one with more rows and keeps its state; the state of the new rows is zero.</summary>
    public void Replace(string name, Parameter longer)
    {
        var old = slots[name];
        slots.Remove(name);
        Add(name, longer);
        slots[name].Mean.Overwrite(old.Mean.Values());
        slots[name].Square.Overwrite(old.Square.Values());
        old.Dispose();
    }

    /// <summary>Stores the current parameter values as the anchor that <see cref="Update"/> pulls towards.</summary>
    public void Anchor()
    {
        using var noGrad = no_grad();
        foreach (var (name, slot) in slots.ToArray())
        {
            slot.Anchor?.Dispose();
            slots[name] = slot with { Anchor = slot.Parameter.detach().clone().DetachFromDisposeScope() };
        }
    }

    public void ZeroGradients()
    {
        // Each read of `grad` creates a wrapper object; the scope keeps it alive, so that the finaliser cannot free it during the native
        // call.
        using var scope = NewDisposeScope();
        foreach (var slot in slots.Values)
            slot.Parameter.grad?.zero_();
    }

    /// <summary>Updates the parameters once, from the gradient clipped by its norm over the whole group.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="clip">The maximum gradient norm.</param>
    /// <param name="pull">
    /// The strength of the proximal term: an update also moves each parameter by rate x pull of its distance to the anchor.
    /// </param>
    /// <exception cref="InvalidOperationException">The gradient is not finite.</exception>
    public void Update(double rate, double clip = 1, double pull = 0)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var active = slots.Values.Where(slot => slot.Parameter.grad is not null).ToArray();
        if (active.Length == 0)
            return;
        Step++;
        var norm = stack(active.Select(slot => slot.Parameter.grad!.norm())).norm().item<float>();
        if (!float.IsFinite(norm))
            throw new InvalidOperationException("A gradient is not a number; lower the learning rate or check the data.");
        var scale = norm > clip ? clip / norm : 1;
        var (correct1, correct2) = (1 - Math.Pow(beta1, Step), 1 - Math.Pow(beta2, Step));
        foreach (var slot in active)
        {
            var gradient = slot.Parameter.grad!.Times(scale);
            slot.Mean.Average(gradient, beta1);
            slot.Square.Average(gradient.Squared(), beta2);
            slot.Parameter.AddQuotient(slot.Mean, slot.Square.Times(1 / correct2).sqrt().Plus(epsilon), -rate / correct1);
            if (pull > 0 && slot.Anchor is not null)
                slot.Parameter.MoveTowards(slot.Anchor, Math.Min(1, rate * pull));
        }
    }

    /// <summary>The optimiser's state as named tensors, for a checkpoint.</summary>
    public IEnumerable<Model.Tensors.Tensor> Save(string prefix)
    {
        yield return new($"{prefix}.step", [1], [Step]);
        foreach (var (name, slot) in slots)
        {
            yield return Named($"{prefix}.{name}.mean", slot.Mean);
            yield return Named($"{prefix}.{name}.square", slot.Square);
            if (slot.Anchor is not null)
                yield return Named($"{prefix}.{name}.anchor", slot.Anchor);
        }
    }

    /// <summary>Restores the state that <see cref="Save"/> gave.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing.</exception>
    public void Load(string prefix, IReadOnlyDictionary<string, Model.Tensors.Tensor> tensors)
    {
        Step = (int)Read($"{prefix}.step")[0];
        foreach (var (name, slot) in slots.ToArray())
        {
            // A table may have been saved with unused rows beyond its items; the loaded one has none.
            var count = (int)slot.Parameter.numel();
            slot.Mean.Overwrite(Read($"{prefix}.{name}.mean")[..count]);
            slot.Square.Overwrite(Read($"{prefix}.{name}.square")[..count]);
            if (!tensors.ContainsKey($"{prefix}.{name}.anchor"))
                continue;
            slot.Anchor?.Dispose();
            slots[name] = slot with { Anchor = zeros_like(slot.Parameter).DetachFromDisposeScope() };
            slots[name].Anchor!.Overwrite(Read($"{prefix}.{name}.anchor")[..count]);
        }

        float[] Read(string name) => tensors.TryGetValue(name, out var tensor)
            ? tensor.Values : throw new InvalidDataException(
                $"The checkpoint lacks '{name}': another version of the software wrote it; delete it to start over from the last release.");
    }

    private static Model.Tensors.Tensor Named(string name, Tensor tensor) =>
        new(name, [.. tensor.shape.Select(size => (int)size)], tensor.Values());

    public void Dispose()
    {
        foreach (var slot in slots.Values)
            slot.Dispose();
    }

    private sealed record Slot(Parameter Parameter, Tensor Mean, Tensor Square, Tensor? Anchor) : IDisposable
    {
        public void Dispose()
        {
            Mean.Dispose();
            Square.Dispose();
            Anchor?.Dispose();
        }
    }
}
