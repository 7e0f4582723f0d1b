using System.Runtime.InteropServices;

namespace ILoRA.Streaming.Embedded;

/// <summary>Bindings to librdkafka's mock cluster (rdkafka_mock.h).</summary>
internal static partial class MockCluster
{
    public const int Producer = 0;
    public const int TopicAuthorizationFailed = 29;
    private const string Library = "librdkafka-mock";

    static MockCluster() => NativeLibrary.SetDllImportResolver(typeof(MockCluster).Assembly, Resolve);

    // The package's plain build of librdkafka needs libsasl2.so.3, which Debian 12 lacks; the CentOS build loads there, the Alpine build on
    // musl.
    private static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
            return 0;
        foreach (var build in new[] { "librdkafka", "centos8-librdkafka", "alpine-librdkafka" })
            if (NativeLibrary.TryLoad(build, typeof(Confluent.Kafka.IClient).Assembly, path, out var handle)
                || NativeLibrary.TryLoad(build, assembly, path, out handle))
                return handle;
        throw new DllNotFoundException("No build of librdkafka in this package loads on this machine; give real brokers with --bootstrap.");
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint NewConfiguration();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Set(nint configuration, string name, string value, [Out] byte[] error, nuint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    public static partial nint NewClient(int type, nint configuration, [Out] byte[] error, nuint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    public static partial void DestroyClient(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    public static partial nint New(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    public static partial void Destroy(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    public static partial nint Bootstraps(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateTopic(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_set_error", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetTopicError(nint cluster, string topic, int error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    public static partial int SetBrokerDown(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    public static partial int SetBrokerUp(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
    public static partial int SetRoundTrip(nint cluster, int broker, int milliseconds);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    public static partial void SetRebalanceDelay(nint cluster, int milliseconds);
}
