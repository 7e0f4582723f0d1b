using Xunit;

namespace ILoRA.Streaming.Tests.Model.Hostile;

/// <summary>Tests that measure the whole process's memory: no other test may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAloneCollection
{
    public const string Name = "measured alone";
}
