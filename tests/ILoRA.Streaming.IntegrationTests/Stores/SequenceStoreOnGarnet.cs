using ILoRA.Streaming.TestKit;
using Xunit;

namespace ILoRA.Streaming.IntegrationTests.Stores;

public sealed class SequenceStoreOnGarnet(EmbeddedServers servers) : SequenceStoreContract(servers.Redis), IClassFixture<EmbeddedServers>;
