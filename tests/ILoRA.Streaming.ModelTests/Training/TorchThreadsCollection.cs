using Xunit;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>Tests that change LibTorch's number of threads, which others' results depend on: they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchThreadsCollection
{
    public const string Name = "LibTorch's threads";
}
