using System.Runtime.InteropServices;

namespace ILoRA.Streaming.Embedded;

/// <summary>
/// A Kafka cluster inside this process, for demos and tests: librdkafka's mock cluster, with real TCP ports, consumer groups and idempotent
/// producers. It keeps the last 5 MiB of each partition in memory and does not support transactions, compaction or topic administration.
/// </summary>
public sealed class EmbeddedKafka : IDisposable
{
    private const int ErrorBytes = 512, HungMilliseconds = 24 * 60 * 60 * 1000;
    private nint client, cluster;

    /// <summary>Starts <paramref name="brokers"/> brokers on free ports.</summary>
    public EmbeddedKafka(int brokers = 1)
    {
        var error = new byte[ErrorBytes];
        var configuration = MockCluster.NewConfiguration();
        // Errors only: the client that hosts the mock has no brokers and would log warnings about that.
        _ = MockCluster.Set(configuration, "log_level", "3", error, ErrorBytes);
        client = MockCluster.NewClient(MockCluster.Producer, configuration, error, ErrorBytes);
        if (client == 0)
            throw new InvalidOperationException($"librdkafka did not start: {System.Text.Encoding.UTF8.GetString(error).TrimEnd('\0')}");
        cluster = MockCluster.New(client, brokers);
        if (cluster == 0)
            throw new InvalidOperationException($"librdkafka's mock cluster did not start with {brokers} brokers; are ports free?");
        // Without this a consumer waits three seconds for other group members.
        MockCluster.SetRebalanceDelay(cluster, 50);
        Bootstrap = Marshal.PtrToStringUTF8(MockCluster.Bootstraps(cluster))!;
    }

    /// <summary>The addresses of the brokers, as host:port list.</summary>
    public string Bootstrap { get; }

    /// <summary>Creates a topic; the mock ignores clean-up settings.</summary>
    public void CreateTopic(string name, int partitions) =>
        Check(MockCluster.CreateTopic(Alive(), name, partitions, 1), $"Topic {name} with {partitions} partitions was not created");

    /// <summary>Closes the connections of a broker and refuses new ones, like a broker that was stopped; for fault injection.</summary>
    public void SetDown(int broker = 1) => Check(MockCluster.SetBrokerDown(Alive(), broker), $"Broker {broker} did not go down");

    /// <summary>Ends <see cref="SetDown"/>: the broker accepts connections again.</summary>
    public void SetUp(int broker = 1) => Check(MockCluster.SetBrokerUp(Alive(), broker), $"Broker {broker} did not come up");

    /// <summary>Accepts connections and requests but answers none, like a broker whose process is suspended; for fault injection.</summary>
    public void SetHung(int broker = 1) =>
        Check(MockCluster.SetRoundTrip(Alive(), broker, HungMilliseconds), $"Broker {broker} did not hang");

    /// <summary>Ends <see cref="SetHung"/>: the broker answers new requests.</summary>
    public void SetAnswering(int broker = 1) => Check(MockCluster.SetRoundTrip(Alive(), broker, 0), $"Broker {broker} did not resume");

    /// <summary>Denies all clients access to a topic, like a broker with an ACL; for fault injection.</summary>
    public void Refuse(string topic) => MockCluster.SetTopicError(Alive(), topic, MockCluster.TopicAuthorizationFailed);

    public void Dispose()
    {
        if (cluster != 0)
            MockCluster.Destroy(cluster);
        if (client != 0)
            MockCluster.DestroyClient(client);
        cluster = client = 0;
    }

    private static void Check(int code, string failure)
    {
        if (code != 0)
            throw new InvalidOperationException($"{failure}: librdkafka error {code}.");
    }

    private nint Alive()
    {
        ObjectDisposedException.ThrowIf(cluster == 0, this);
        return cluster;
    }
}
