using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Stores;

public sealed class ServingReportsOnGarnet(EmbeddedServers servers) : ServingReportsContract(servers.Redis), IClassFixture<EmbeddedServers>;
