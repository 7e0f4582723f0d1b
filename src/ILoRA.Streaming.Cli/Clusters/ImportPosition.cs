using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>
/// How far a file was imported, kept in the cluster itself: the committed offset of a consumer group named after the file and its first bytes
/// counts the file's lines. So a fresh cluster begins afresh, and any machine may go on.
/// </summary>
internal sealed class ImportPosition : IDisposable
{
    private const int FingerprintBytes = 4096;
    private readonly IConsumer<byte[], byte[]> consumer;
    private readonly TopicPartition place;

    public ImportPosition(KafkaOptions kafka, string topic, string path)
    {
        Name = $"{Path.GetFileName(path)}-{Fingerprint(path)}";
        var config = kafka.Consumer($"ilora-import-{Name}");
        config.GroupProtocol = GroupProtocol.Classic;
        config.EnableAutoCommit = false;
        consumer = new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).Build();
        place = new TopicPartition(topic, 0);
    }

    /// <summary>The file's name and fingerprint; line numbers under it make event ids.</summary>
    public string Name { get; }

    /// <returns>The last line that was delivered, 0 for none.</returns>
    public long Read()
    {
        var offset = consumer.Committed(place);
        return offset.IsSpecial ? 0 : offset.Value;
    }

    public void Keep(long line) => consumer.CommitPatiently([new TopicPartitionOffset(place, line)]);

    public void Dispose() => consumer.Dispose();

    private static string Fingerprint(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[FingerprintBytes];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(Path.GetFileName(path)), .. head[..length]]))[..12];
    }
}
