using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Optimisers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>The gradient of a sum over parts that are computed on several threads.</summary>
[Collection(TorchThreadsCollection.Name)]
public sealed class ParallelGradientTests : IDisposable
{
    private readonly int before = get_num_threads();
    private readonly Tensor inputs = rand(8, 5);
    private readonly Parameter weight = new(rand(3, 5));
    private readonly Parameter bias = new(rand(3));
    private readonly Parameter aside = new(rand(2));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_gradient_equals_that_of_a_single_pass(int threads)
    {
        using var scope = NewDisposeScope();
        Loss(inputs).backward();
        var (expectedWeight, expectedBias) = (weight.grad!.clone(), bias.grad!.clone());
        set_num_threads(threads);
        weight.grad!.zero_();
        bias.grad!.zero_();
        var loss = Gradient().Add(Parts(), Loss);
        Assert.Equal(Loss(inputs).item<float>(), loss, 4);
        Assert.True(expectedWeight.IsNear(weight.grad!, 1e-5));
        Assert.True(expectedBias.IsNear(bias.grad!, 1e-5));
        Assert.Null(aside.grad);
        Assert.Equal(threads, get_num_threads());
    }

    [Fact]
    public void The_gradient_is_added_to_an_existing_one()
    {
        using var scope = NewDisposeScope();
        set_num_threads(2);
        Gradient().Add(Parts(), Loss);
        var once = weight.grad!.clone();
        Gradient().Add(Parts(), Loss);
        Assert.True(once.Times(2).IsNear(weight.grad!, 1e-5));
    }

    [Fact]
    public void The_same_parts_and_number_of_threads_give_bitwise_equal_gradients()
    {
        using var scope = NewDisposeScope();
        set_num_threads(2);
        var runs = Enumerable.Range(0, 5).Select(_ =>
        {
            weight.grad?.zero_();
            Gradient().Add(Parts(), Loss);
            return weight.grad!.data<float>().ToArray();
        }).ToArray();
        Assert.All(runs, run => Assert.Equal(runs[0], run));
    }

    [Fact]
    public void Failures_are_reported_after_all_parts_have_ended()
    {
        var ended = 0;
        var failure =
            Assert.Throws<AggregateException>(
                () => TorchThreads.Run(
                    [() => throw new InvalidOperationException("one"), () => Interlocked.Increment(ref ended),
                        () => throw new ArgumentException("three")]));
        Assert.Equal(["one", "three"], failure.InnerExceptions.Select(inner => inner.Message));
        Assert.Equal(1, ended);
        Assert.Equal(before, get_num_threads());
    }

    private ParallelGradient Gradient() => new([weight, bias, aside], CPU);

    private Tensor[] Parts() => [inputs.narrow(0, 0, 3), inputs.narrow(0, 3, 3), inputs.narrow(0, 6, 2)];

    private Tensor Loss(Tensor rows) => nn.functional.linear(rows, weight, bias).tanh().sum();

    public void Dispose()
    {
        set_num_threads(before);
        foreach (var tensor in new[] { inputs, weight, bias, aside })
            tensor.Dispose();
    }
}
