using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>The gate on LibTorch, compared with the reference in plain C#.</summary>
public sealed class TorchGateTests
{
    private const int Experts = 4, Width = 64, Batch = 5;
    private static readonly AdapterShape Shape = AdapterShape.Default with { Experts = Experts };

    [Theory]
    [InlineData(GateKind.Uniform, 0)]
    [InlineData(GateKind.Linear, 1)]
    [InlineData(GateKind.Mlp, 3)]
    public void The_weights_equal_those_of_the_reference(GateKind kind, int parameters)
    {
        using var scope = NewDisposeScope();
        var gate = Random(kind);
        using var torch = new TorchGate(gate, Shape, CPU);
        var z = Sequences();
        float[] expected = [.. z.SelectMany(row => gate.Weights(row))];
        var weights = torch.Weights(tensor([.. z.SelectMany(row => row)], [Batch, Width])).Values();
        Assert.Equal(parameters, torch.Parameters().Count());
        Assert.Equal(expected, weights, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(kind == GateKind.Uniform, weights.Distinct().Count() == 1);
    }

    [Theory]
    [InlineData(GateKind.Uniform)]
    [InlineData(GateKind.Linear)]
    [InlineData(GateKind.Mlp)]
    public void An_exported_gate_equals_the_imported_one(GateKind kind)
    {
        var gate = Random(kind);
        using var torch = new TorchGate(gate, Shape, CPU);
        var again = torch.Export();
        Assert.Equal((gate.Kind, gate.Experts, gate.Width), (again.Kind, again.Experts, again.Width));
        Assert.Equal(gate.Weight, again.Weight);
        Assert.Equal(gate.Hidden?.Weight, again.Hidden?.Weight);
        Assert.Equal(gate.Hidden?.Bias, again.Hidden?.Bias);
    }

    /// <summary>d/dx of sum c w over a batch, against central differences of the reference.</summary>
    [Theory]
    [InlineData("gate.weight", 4 * Width)]
    [InlineData("gate.hidden.weight", Width * Width)]
    [InlineData("gate.hidden.bias", Width)]
    public void The_gradient_equals_finite_differences_of_the_reference(string name, int count)
    {
        using var scope = NewDisposeScope();
        var gate = Random(GateKind.Mlp);
        using var torch = new TorchGate(gate, Shape, CPU);
        var z = Sequences();
        float[] factors = [.. Enumerable.Range(0, Batch * Experts).Select(at => at * 7 % 11 - 5f)];
        (torch.Weights(tensor([.. z.SelectMany(row => row)], [Batch, Width])) * tensor(factors, [Batch, Experts])).sum().backward();
        var gradient = torch.Parameters().Single(parameter => parameter.Name == name).Value.grad!.Values();
        var values = name switch { "gate.weight" => gate.Weight, "gate.hidden.weight" => gate.Hidden!.Weight, _ => gate.Hidden!.Bias };
        Assert.Equal(count, gradient.Length);
        var largest = gradient.Max(MathF.Abs);
        Assert.True(largest > 0.01, $"{largest}");
        // The largest gradients; a step of 1e-3 rarely crosses the kink of a ReLU.
        foreach (var at in Enumerable.Range(0, count).OrderByDescending(at => Math.Abs(gradient[at])).Take(20))
            Assert.Equal((Loss(at, 1e-3f) - Loss(at, -1e-3f)) / 2e-3, gradient[at], 0.02 * largest);

        double Loss(int at, float step)
        {
            var before = values[at];
            values[at] += step;
            var loss = z.SelectMany(row => gate.Weights(row)).Zip(factors, (weight, factor) => (double)weight * factor).Sum();
            values[at] = before;
            return loss;
        }
    }

    [Theory]
    [InlineData(GateKind.Linear)]
    [InlineData(GateKind.Mlp)]
    public void Initial_weights_are_close_to_uniform_and_differ_between_sequences(GateKind kind)
    {
        var gate = TorchGate.Initial(kind, Experts, Width, new Random(5));
        var weights = Sequences().Select(z => gate.Weights(z)).ToArray();
        Assert.All(weights.SelectMany(row => row), weight => Assert.InRange(weight, 0.12f, 0.4f));
        Assert.All(weights, row => Assert.InRange(row.Max() - row.Min(), 0.01f, 0.25f));
        Assert.Equal(Batch, weights.Select(row => row[0]).Distinct().Count());
    }

    private static Gate Random(GateKind kind)
    {
        var random = new Random(11);
        return kind switch
        {
            GateKind.Uniform => Gate.Uniform(Experts, Width),
            GateKind.Linear => new(Experts, Width, Normal(random, Experts * Width, 0.2)),
            _ => new(Experts, Width, Normal(random, Experts * Width, 0.2),
                new(Normal(random, Width * Width, 0.2), Normal(random, Width, 0.5))),
        };
    }

    // Standard normal, as the outputs of a layer norm.
    private static float[][] Sequences()
    {
        var random = new Random(23);
        return [.. Enumerable.Range(0, Batch).Select(_ => Normal(random, Width, 1))];
    }

    private static float[] Normal(Random random, int count, double deviation) => RandomValues.Normal(random, count, (float)deviation);
}
