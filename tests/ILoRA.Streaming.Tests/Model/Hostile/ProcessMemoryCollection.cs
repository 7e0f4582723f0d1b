namespace ILoRA.Streaming.Tests.Model.Hostile;

/// <summary>The collection of tests that measure the memory of the whole process, so no other test runs in parallel to them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessMemoryCollection
{
    public const string Name = "process memory";
}
