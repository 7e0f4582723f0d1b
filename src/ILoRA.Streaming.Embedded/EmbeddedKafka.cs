using System.Runtime.InteropServices;

namespace ILoRA.Streaming.Embedded;

/// <summary>
/// librdkafka's mock cluster in this process: real TCP ports, groups, idempotent producers; for demos and tests. It keeps the last 5 MiB of a partition
/// and nothing across restarts, and knows neither transactions, compaction nor topic administration.
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
        // Errors only: the host of the mock has no brokers of its own and would warn of that.
        _ = MockCluster.Set(configuration, "log_level", "3", error, ErrorBytes);
        client = MockCluster.NewClient(MockCluster.Producer, configuration, error, ErrorBytes);
        if (client == 0)
            throw new InvalidOperationException($"librdkafka did not start: {System.Text.Encoding.UTF8.GetString(error).TrimEnd('\0')}");
        cluster = MockCluster.New(client, brokers);
        if (cluster == 0)
            throw new InvalidOperationException($"librdkafka's mock cluster did not start with {brokers} brokers; are ports free?");
        // A lone worker should not wait three seconds for company.
        MockCluster.SetRebalanceDelay(cluster, 50);
        Bootstrap = Marshal.PtrToStringUTF8(MockCluster.Bootstraps(cluster))!;
    }

    /// <summary>host:port list of the brokers.</summary>
    public string Bootstrap { get; }

    /// <summary>Creates a topic; the mock ignores clean-up settings.</summary>
    public void CreateTopic(string name, int partitions) =>
        Check(MockCluster.CreateTopic(Alive(), name, partitions, 1), $"Topic {name} with {partitions} partitions was not created");

    /// <summary>Closes the broker's connections and takes no new ones, as a broker that is gone; for fault injection.</summary>
    public void SetDown(int broker = 1) => Check(MockCluster.SetBrokerDown(Alive(), broker), $"Broker {broker} did not go down");

    /// <summary>Takes connections again.</summary>
    public void SetUp(int broker = 1) => Check(MockCluster.SetBrokerUp(Alive(), broker), $"Broker {broker} did not come up");

    /// <summary>Takes connections and requests and answers none, as a broker whose process is stopped; for fault injection.</summary>
    public void SetHung(int broker = 1) =>
        Check(MockCluster.SetRoundTrip(Alive(), broker, HungMilliseconds), $"Broker {broker} did not hang");

    /// <summary>Answers again, what it is asked from now on.</summary>
    public void SetAnswering(int broker = 1) => Check(MockCluster.SetRoundTrip(Alive(), broker, 0), $"Broker {broker} did not go on");

    /// <summary>Refuses a topic to all clients as a broker does whose ACL forbids it; for fault injection.</summary>
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
