using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Stores;

public sealed class SnapshotStoreOnGarnet(EmbeddedServers servers) : SnapshotStoreInKeys(servers.Redis), IClassFixture<EmbeddedServers>;
