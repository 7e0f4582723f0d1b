using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Stores;

public sealed class SequenceStoreOnGarnet(EmbeddedServers servers) : SequenceStoreContract(servers.Redis), IClassFixture<EmbeddedServers>;
