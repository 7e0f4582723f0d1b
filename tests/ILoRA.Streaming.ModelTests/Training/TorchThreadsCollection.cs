namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>Tests that change LibTorch's number of threads. They do not run in parallel with others, whose results depend on it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchThreadsCollection
{
    public const string Name = "LibTorch's threads";
}
