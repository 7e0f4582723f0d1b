using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests;

/// <summary>Tests on real servers run one after the other: each starts three worker processes.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealServersCollection
{
    public const string Name = "real servers";

    public static void Required() => Assert.SkipWhen(RealServers.WhyNot is not null, RealServers.WhyNot ?? "");
}
